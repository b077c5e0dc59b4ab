//! The digits of a number, with what stands directly behind them: decimals, an exponent, a count that they are a part of.

/// Digits with points, commas and underscores between them.
pub(super) fn body(text: &str) -> Option<&str> {
    // What is longer is no number, but a line of predicted digits or a list.
    let length = text.bytes().take(400).take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'_')).count();
    let mut body = text[..length].trim_end_matches([',', '_']);
    // `1.` is how numpy prints a whole number, and how a sentence ends.
    body = body.trim_end_matches('.');
    let begins = body.starts_with(|c: char| c.is_ascii_digit()) || body.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    // A list without spaces is several numbers.
    let parts: Vec<&str> = body.split(',').collect();
    let is_list = parts.len() > 1 && mantissa(body).is_none() && parts[0].parse::<f64>().is_ok();
    (begins && (length < 400 || is_list)).then_some(if is_list { parts[0] } else { body })
}

/// `e-3` behind digits.
pub(super) fn exponent(text: &str) -> &str {
    let Some(rest) = text.strip_prefix(['e', 'E']) else { return "" };
    let digits = rest.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(rest);
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if length == 0 || length > 4 { "" } else { &text[..text.len() - digits.len() + length] }
}

/// `/10000` or ` / 10000` behind a count: what it is a part of, and how many bytes that takes.
pub(super) fn denominator(text: &str) -> Option<(f64, usize)> {
    let rest = text.trim_start_matches(' ').strip_prefix('/')?.trim_start_matches(' ');
    let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '_')).unwrap_or(rest.len());
    let over = rest[..length].replace('_', "").parse::<f64>().ok().filter(|over| *over > 0.0)?;
    // `8/10.5` is no count of a count.
    let decimals = rest[length..].strip_prefix('.').is_some_and(|behind| behind.starts_with(|c: char| c.is_ascii_digit()));
    (!decimals).then_some((over, text.len() - rest.len() + length))
}

type Digits = Result<(String, i32), String>;

/// The digits of `body` as a programming language writes them, with the number of decimals; `None` if it is no number, and an error if it
/// may be two.
pub(super) fn mantissa(body: &str) -> Option<Digits> {
    let body = body.replace('_', "");
    let (commas, points) = (body.matches(',').count(), body.matches('.').count());
    let grouped = |text: &str, by: char| {
        let mut groups = text.split(by);
        groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0')) && groups.all(|group| group.len() == 3)
    };
    let with_decimals = |whole: String, decimals: &str| Some(Ok((format!("{whole}.{decimals}0"), i32::try_from(decimals.len()).unwrap_or(i32::MAX))));
    match (commas, points) {
        (0, 0) => Some(Ok((body, 0))),
        (0, 1) => body.split_once('.').and_then(|(whole, decimals)| with_decimals(format!("0{whole}"), decimals)),
        (0, _) => grouped(&body, '.').then(|| Ok((body.replace('.', ""), 0))),
        (1, 0) => {
            let (whole, decimals) = body.split_once(',')?;
            if grouped(&body, ',') {
                return Some(Err(format!("`{body}` may be {whole}.{decimals} or {whole}{decimals}; print it without a comma")));
            }
            if whole.is_empty() { None } else { with_decimals(whole.to_owned(), decimals) }
        }
        (_, 0) => grouped(&body, ',').then(|| Ok((body.replace(',', ""), 0))),
        (_, 1) => {
            let (whole, decimals) = body.rsplit_once('.')?;
            if commas == 1 && body.find('.') < body.find(',') {
                let (whole, decimals) = body.split_once(',')?;
                return if grouped(whole, '.') { with_decimals(whole.replace('.', ""), decimals) } else { None };
            }
            if grouped(whole, ',') { with_decimals(whole.replace(',', ""), decimals) } else { None }
        }
        (1, _) => {
            let (whole, decimals) = body.split_once(',')?;
            if grouped(whole, '.') && !decimals.contains('.') { with_decimals(whole.replace('.', ""), decimals) } else { None }
        }
        _ => None,
    }
}
