//! Charts that a library puts into a notebook as a web page, with its data in a script: Altair by default, Plotly in Colab.

use serde::Deserialize;
use serde_json::value::RawValue;

/// The chart in the page `html`, in JSON.
pub(super) fn in_page(html: &str) -> Option<String> {
    if html.contains("vega") {
        let chart = html.match_indices("({").filter_map(|(at, _)| json(&html[at + 1..])).find(|raw| raw.get().contains("https://vega.github.io/schema/"));
        if let Some(chart) = chart {
            return Some(chart.get().to_owned());
        }
    }
    let call = html.find("Plotly.newPlot(")?;
    let data_at = call + html[call..].find('[')?;
    let data = json(&html[data_at..])?;
    let behind = &html[data_at + data.get().len()..];
    let layout = json(behind.trim_start().strip_prefix(',')?)?;
    Some(format!("{{\"data\":{},\"layout\":{}}}", data.get(), layout.get()))
}

/// The JSON value that `text` begins with.
fn json(text: &str) -> Option<&RawValue> {
    <&RawValue>::deserialize(&mut serde_json::Deserializer::from_str(text)).ok()
}

#[cfg(test)]
mod tests {
    use super::in_page;

    #[test]
    fn charts_are_found_in_the_pages_of_altair_and_plotly() {
        // Cut from what Altair 6.3 and Plotly 5.24 write.
        let altair = "<script>(function(spec, embedOpt){ let vegaEmbed; })({\"$schema\": \"https://vega.github.io/schema/vega-lite/v6.1.0.json\", \"mark\": \"line\"}, {\"mode\": \"vega-lite\"});</script>";
        assert_eq!(in_page(altair).as_deref(), Some("{\"$schema\": \"https://vega.github.io/schema/vega-lite/v6.1.0.json\", \"mark\": \"line\"}"));
        let plotly = "<script>Plotly.newPlot(  \"b1\",  [{\"y\":[1,2]}],  {\"title\":{}},  {\"responsive\": true})</script>";
        assert_eq!(in_page(plotly).as_deref(), Some("{\"data\":[{\"y\":[1,2]}],\"layout\":{\"title\":{}}}"));
        for page in ["", "<div>vega ({</div>", "Plotly.newPlot(", "Plotly.newPlot(\"x\", [1,", "<table><tr><td>1</td></tr></table>"] {
            assert_eq!(in_page(page), None, "{page}");
        }
    }
}
