//! Gradients beside finite differences, and networks without a block.

use super::*;
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
