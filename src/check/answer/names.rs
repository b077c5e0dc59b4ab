//! What the field's things are called: every row is one thing under all its names. Spaces, hyphens, capitals, the plural and scikit-learn's
//! `Classifier` and `Regressor` behind a name make no difference.
//!
//! A name may stand in several rows (`LR`, `NN`): it counts only where one of these is among the choices.

use super::words::squeezed;

const NAMES: &[&str] = &[
    // Models.
    "\
     logistic, logistic regression, lr, logreg, log reg, logistic reg, logistic regr, logit, logit regression, multinomial logistic regression, logistic regression \
     multinomial, softmax regression",
    "linear regression, linreg, lin reg, lr, ols, ordinary least squares, least squares, linear least squares",
    "ridge, ridge regression",
    "lasso, lasso regression",
    "\
     tree, decision tree, regression tree, classification tree, single tree, single decision tree, single regression tree, decision tree \
     regression, cart, dt, dtree",
    "forest, random forest, random forest regression, random decision forest, rf",
    "extra trees, extremely randomized trees, extremely randomised trees",
    "bagging, bagged trees, bootstrap aggregating",
    "\
     boosted, boosting, boosted tree, boosted trees, boosted decision tree, boosted decision trees, boosted regression tree, boosted regression \
     trees, brt, tree boosting, gradient boosted, gradient boosting, gradient boost, gradient boosted tree, gradient boosted trees, gradient \
     boosting trees, gradient boosted decision trees, gradient boosting decision trees, gradient boosted regression trees, gradient boosting \
     regression trees, gradient tree boosting, gradient boosting machine, gbm, gbrt, gbdt, gbt, gb, hist gradient boosting, histogram gradient \
     boosting, hgb, histgb, xgboost, xgb, lightgbm, lgbm, lgb, catboost",
    "adaboost, adaptive boosting",
    "\
     knn, k nn, k nearest neighbors, k nearest neighbours, k nearest neighbor, k nearest neighbour, nearest neighbors, nearest neighbours, \
     nearest neighbor, nearest neighbour, k neighbors, k neighbours, neighbors, neighbours, nn, 1 nn, 3 nn, 5 nn, 7 nn, 9 nn",
    "\
     svm, svc, support vector machine, support vector, support vector classification, linear svm, linear svc, linear support vector machine, \
     rbf svm, svm rbf, svc rbf, kernel svm, nu svc",
    "\
     bayes, naive bayes, naive bayesian, nb, gnb, gaussian nb, gaussian naive bayes, gaussian bayes, naive bayes gaussian, bernoulli nb, \
     bernoulli naive bayes, multinomial nb, multinomial naive bayes",
    "lda, linear discriminant analysis, linear discriminant",
    "qda, quadratic discriminant analysis",
    "\
     mlp, multi layer perceptron, multilayered perceptron, multi layered perceptron, neural network, neural net, artificial neural network, \
     ann, nn, dnn, deep neural network, feedforward network, feedforward neural network, feed forward network, fully connected network, fully \
     connected neural network, dense network",
    "perceptron, single layer perceptron, simple perceptron",
    "cnn, convnet, conv net, convolutional network, convolutional neural network",
    "rnn, recurrent neural network, recurrent network",
    "lstm, long short term memory",
    "gru, gated recurrent unit",
    "k means, k means clustering",
    "pca, principal component analysis",
    // Ways to learn.
    "\
     sgd, stochastic gradient descent, gradient descent, gd, mini batch gradient descent, minibatch sgd, plain sgd, vanilla sgd, plain gradient \
     descent, vanilla gradient descent, sgd without momentum, gradient descent without momentum, stochastic gradient descent without momentum",
    "\
     momentum, sgd with momentum, sgd momentum, sgdm, momentum sgd, momentum method, momentum gradient descent, heavy ball, gradient descent \
     with momentum, stochastic gradient descent with momentum",
    "adagrad, adaptive gradient, adaptive gradient algorithm",
    "rmsprop, root mean square propagation",
    "adam, adaptive moment estimation",
    "adamw",
    "adadelta",
    // Networks.
    "sigmoid, logistic sigmoid, sigmoid function, sigmoid activation, sigmoidal",
    "relu, rectified linear unit, rectifier, relu activation",
    "tanh, hyperbolic tangent",
    "residual, residual network, residual net, resnet, residual module, residual connection, skip connection",
    "dropout, drop out",
    "batch normalization, batch normalisation, batch norm, batchnorm, bn",
    "weight decay, l2, l2 regularization, l2 regularisation",
    "max pooling, maxpool, max pool",
    "average pooling, mean pooling, avg pooling, avgpool",
    "cross entropy, cross entropy loss, log loss, negative log likelihood, nll",
    "mse, mean squared error, squared error",
    // What happens, and how much.
    "underfitting, underfit, underfits, underfitted",
    "overfitting, overfit, overfits, overfitted",
    "converged, converges, converge, convergence, converging",
    "diverged, diverges, diverge, divergence, diverging, divergent, exploded, explodes, exploding, explosion, blew up, blows up, blown up",
    "\
     smaller, small, smallest, shallow, shallower, shallowest, lower depth, low depth, smaller depth, small depth, shallow depth, shallower \
     depth, less depth, less deep, lower max depth, smaller max depth, tiny, short, shorter",
    "\
     larger, large, largest, bigger, big, biggest, deep, deeper, deepest, higher depth, high depth, larger depth, large depth, greater depth, \
     great depth, more depth, higher max depth, larger max depth",
    "vertical",
    "horizontal",
    "yes, y, true, yep, yeah",
    "no, n, false, nope",
];

/// All names, squeezed, of the things that are called `name`; empty if nothing is, or if several things are.
pub(super) fn also_called(name: &str) -> Vec<String> {
    let wanted = squeezed(name);
    let mut rows = NAMES.iter().map(|row| row.split(',').map(squeezed).collect::<Vec<_>>()).filter(|row| row.contains(&wanted));
    match (rows.next(), rows.next()) {
        (Some(row), None) => row,
        _ => Vec::new(),
    }
}

/// A squeezed word, and what is left of it without what makes no difference to a name.
pub(super) fn stems(word: &str) -> Vec<&str> {
    let mut stems = vec![word];
    let endings = ["classifiers", "classifier", "regressors", "regressor", "cv", "s"];
    stems.extend(endings.iter().filter_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() > 1)));
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_first_name() {
        for row in NAMES {
            let names: Vec<&str> = row.split(',').collect();
            assert_eq!(also_called(names[0]).len(), names.len(), "{row}");
        }
    }

    #[test]
    fn a_name_of_two_things_names_neither() {
        assert!(also_called("LR").is_empty() && also_called("NN").is_empty() && also_called("flipper").is_empty());
    }
}
