//! A figure: with the series that it shows, where the program sees them on the solution's own.

use crate::draft::names::shared;
use crate::draft::things::{Thing, What};

use super::{Form, Forms, Item, names, text};

/// The most forms that are tried of a figure: each is read anew.
const TRIED: usize = 30;

/// The fewest values of a series that can be a curve.
const CURVE: usize = 3;

/// A series by its name.
type Series<'a> = (&'a str, &'a [f64]);

pub(super) fn forms(figure: &str, things: &[Thing]) -> Forms {
    let of_thing = |thing: &'_ Thing| if let What::Series(values) = &thing.what { Some(values.len()) } else { None };
    let mut lengths: Vec<usize> = things.iter().filter_map(of_thing).filter(|length| *length >= CURVE).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let series: Vec<Series<'_>> =
        things.iter().filter_map(|thing| if let What::Series(values) = &thing.what { Some((thing.name.as_str(), values.as_slice())) } else { None }).collect();
    let alike: Vec<Series<'_>> = series.iter().copied().filter(|(name, values)| values.len() >= CURVE && shared(name, figure) > 0).collect();
    let mut tried: Vec<Form> = Vec::new();
    let mut push = |x: Option<&str>, shows: &[&str]| {
        let form = Form { check: check(figure, x, shows), data: None };
        if !shows.is_empty() && !tried.contains(&form) {
            tried.push(form);
        }
    };
    // All of its name first, then all of one length, then each by itself.
    for of in [&alike, &series] {
        for &length in &lengths {
            let group: Vec<Series<'_>> = of.iter().copied().filter(|(_, values)| values.len() == length).collect();
            let xs: Vec<&str> = series.iter().filter(|(_, values)| values.len() == length && rises(values)).map(|(name, _)| *name).collect();
            let drawn = |x: Option<&str>| group.iter().map(|(name, _)| *name).filter(|name| Some(*name) != x).collect::<Vec<_>>();
            let curves: Vec<&str> = group.iter().filter(|(_, values)| !(rises(values) && is_counted(values))).map(|(name, _)| *name).collect();
            push(None, &curves);
            xs.iter().for_each(|x| push(Some(x), &drawn(Some(x))));
        }
        for (name, values) in of.iter().filter(|(_, values)| values.len() >= CURVE) {
            push(None, &[name]);
            let xs = series.iter().filter(|(other, x)| x.len() == values.len() && rises(x) && other != name);
            xs.for_each(|(x, _)| push(Some(x), &[name]));
        }
    }
    tried.truncate(TRIED);
    let hint = if alike.is_empty() {
        "review = true # a person looks at it; or the program: shows = [\"…\"], series of the metrics\n".to_owned()
    } else {
        let shows: Vec<&str> = alike.iter().map(|(name, _)| *name).collect();
        format!("review = true # a person looks at it: not seen on your own figure (`mlgrade figure` tells why) is\n# shows = {}\n", names(&shows))
    };
    Forms { tried, otherwise: Item::new(format!("check = \"figure\"\nfigure = {}\n{hint}", text(figure)), 4) }
}

fn check(figure: &str, x: Option<&str>, shows: &[&str]) -> String {
    let x = x.map_or_else(String::new, |x| format!("x = {}\n", text(x)));
    format!("check = \"figure\"\nfigure = {}\n{x}shows = {}\n", text(figure), names(shows))
}

/// Whether values can be those of an x axis.
fn rises(values: &[f64]) -> bool {
    values.windows(2).all(|two| two[0] < two[1])
}

/// Whether they are whole numbers, as those of an x axis mostly are.
fn is_counted(values: &[f64]) -> bool {
    values.iter().all(|value| value.fract().abs() <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, values: &[f64]) -> Thing {
        Thing { name: name.to_owned(), what: What::Series(values.to_vec()), place: None, seen: String::new() }
    }

    #[test]
    fn series_of_its_name_come_first_together_and_over_an_axis() {
        let things = [series("net.train_loss", &[3.0, 2.0, 1.5]), series("net.val_loss", &[3.0, 2.5, 2.4]), series("epochs", &[1.0, 2.0, 3.0])];
        let all = forms("loss", &things).tried;
        assert_eq!(all[0].check, "check = \"figure\"\nfigure = \"loss\"\nshows = [\"net.train_loss\", \"net.val_loss\"]\n");
        assert!(all[1].check.contains("x = \"epochs\"\nshows = [\"net.train_loss\", \"net.val_loss\"]"), "{all:?}");
        let things = [series("ridge.alphas", &[0.1, 1.0, 10.0]), series("ridge.rmse", &[3.0, 2.5, 2.4])];
        assert!(forms("ridge", &things).tried[1].check.ends_with("x = \"ridge.alphas\"\nshows = \"ridge.rmse\"\n"), "{:?}", forms("ridge", &things));
        assert!(forms("other", &things).otherwise.check.contains("a person looks at it; or"));
        assert_eq!(forms("scatter", &[]).tried, []);
    }
}
