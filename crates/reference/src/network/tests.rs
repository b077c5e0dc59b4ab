//! Gradients beside finite differences, and networks without a block.

use super::*;
use crate::optimizer::Method;
use candle_core::Device;
use mlgrade_domain::seed::Seed;

/// Every kind of layer, on the slopes of the loss measured by moving each parameter a little.
#[test]
fn gradients_are_the_slopes_of_the_loss() {
    let input = Planes { channels: 1, height: 6, width: 6 };
    let first = Convolution { input: input.padded(1), filters: 2, side: 3 };
    let second = Convolution { input: first.output().halved(), filters: 3, side: 2 };
    for (pool, activation) in [(Pool::Average, Layer::Sigmoid), (Pool::Max, Layer::Relu)] {
        let inner = vec![Layer::dense(5, 5), activation.clone(), Layer::dense(5, 5)];
        let layers = vec![
            Layer::Pad(1, input),
            Layer::Convolution(first),
            activation.clone(),
            Layer::Pool(pool, first.output()),
            Layer::Convolution(second),
            Layer::dense(second.output().size(), 5),
            activation.clone(),
            Layer::Block { skip: true, layers: inner.clone() },
            Layer::Block { skip: false, layers: inner },
            Layer::dense(5, 10),
        ];
        let network = Network::new(layers, Start::Torch, &mut Draws::new(Seed::new(3))).unwrap();
        let pixels: Vec<f32> = (0..72).map(|i| f32::from(u8::try_from(i * 37 % 64).unwrap_or(0)) / 64.0).collect();
        let (images, labels) = (Tensor::from_vec(pixels, (36, 2), &Device::Cpu).unwrap(), [3, 7]);
        let loss = loss::mean(&network.in_training(images.clone(), &mut Draws::new(Seed::new(1))).unwrap(), &labels).unwrap();
        loss.backward().unwrap();
        let check = |i: usize, parameter: &Var, gradient: &[f32]| {
            let before = parameter.flatten_all()?.to_vec1::<f32>()?;
            assert_eq!(before.len(), gradient.len());
            for (j, slope) in gradient.iter().enumerate() {
                let [above, below] = [2e-3, -2e-3].map(|step| {
                    let mut moved = before.clone();
                    moved[j] += step;
                    parameter.set(&Tensor::from_vec(moved, parameter.shape(), &Device::Cpu).unwrap()).unwrap();
                    let logits = network.output(images.clone()).unwrap();
                    f64::from(loss::mean(&logits, &labels).unwrap().to_scalar::<f32>().unwrap())
                });
                assert!(((above - below) / 4e-3 - f64::from(*slope)).abs() < 2e-3, "{pool:?}, parameter {i}, {j}: {} {slope}", (above - below) / 4e-3);
            }
            parameter.set(&Tensor::from_vec(before, parameter.shape(), &Device::Cpu)?)
        };
        network.each_parameter(check).unwrap();
    }
}

#[test]
fn a_network_without_a_block_is_the_network_of_the_others() {
    let block = |skip| Layer::Block { skip, layers: vec![Layer::dense(3, 3), Layer::Relu] };
    let layers = vec![Layer::dense(2, 3), block(true), block(false), Layer::dense(3, 10)];
    let network = Network::new(layers, Start::He, &mut Draws::new(Seed::new(2))).unwrap();
    let shorter = network.without(1);
    let size = |network: &Network| network.sizes().sum::<usize>();
    assert_eq!((size(&network), size(&shorter)), (9 + 12 + 12 + 40, 9 + 12 + 40));
    assert_eq!(shorter.learnt[1].weights.id(), network.learnt[2].weights.id());
}

/// A batch's gradients are the sums of those of its parts, and a step of gradient descent goes by them.
#[test]
fn a_batch_goes_through_in_equal_parts() {
    const WIDTH: usize = 25_000;
    let network = |width| Network::new(vec![Layer::dense(2, width), Layer::Relu], Start::He, &mut Draws::new(Seed::new(1))).unwrap();
    assert_eq!([64, 256, 100_000].map(|width| network(width).part(256)), [256, 128, 1]);

    let layers = vec![Layer::dense(2, WIDTH), Layer::Relu, Layer::dense(WIDTH, 10)];
    let mut learner = Learner::new(layers, Start::Torch, Method::Sgd, 4, 4, Seed::new(1)).unwrap();
    assert_eq!(learner.network.part(4), 2);
    let rows = [[0.5_f32, -1.0], [1.0, 2.0], [-0.25, 0.75], [2.0, 0.0]];
    let input = |batch: &[usize]| images::of_rows(batch.iter().map(|&row| rows[row].as_slice()), 2);
    let labels = |batch: &[usize]| batch.iter().map(|&row| u8::try_from(row).unwrap()).collect::<Vec<u8>>();

    let all = [0, 1, 2, 3];
    let whole = loss::mean(&learner.network.in_training(input(&all).unwrap(), &mut Draws::new(Seed::new(1))).unwrap(), &labels(&all)).unwrap();
    whole.backward().unwrap();
    let mut expected = Vec::new();
    let move_down = |parameter: &Var, gradient: &[f32]| -> Vec<f32> {
        parameter.flatten_all().unwrap().to_vec1::<f32>().unwrap().iter().zip(gradient).map(|(p, g)| p - 0.5 * g).collect()
    };
    learner
        .network
        .each_parameter(|_, parameter, gradient| {
            expected.push(move_down(parameter, gradient));
            Ok(())
        })
        .unwrap();

    let mean = learner.epoch(0.5, input, |logits, batch| loss::mean(logits, &labels(batch))).unwrap();
    assert!((mean - f64::from(whole.to_scalar::<f32>().unwrap())).abs() < 1e-6);
    learner
        .network
        .each_parameter(|i, parameter, _| {
            let moved = parameter.flatten_all()?.to_vec1::<f32>()?;
            assert!(moved.iter().zip(&expected[i]).all(|(moved, expected)| (moved - expected).abs() < 1e-6), "parameter {i}");
            Ok(())
        })
        .unwrap();
}
