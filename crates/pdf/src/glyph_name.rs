//! What the name of a glyph means in Unicode: Adobe's list, the forms that are built by rule, and the names of TeX's fonts.

use pdf_encoding::glyphname_to_unicode;

use super::font::is_known;

/// Names of TeX's fonts that Adobe's list does not have, or has for a private character.
const TEX: [(&str, &str); 38] = [
    ("angbracketleft", "⟨"),
    ("angbracketright", "⟩"),
    ("arrowdblbothv", "⇕"),
    ("arrownortheast", "↗"),
    ("arrownorthwest", "↖"),
    ("arrowsoutheast", "↘"),
    ("arrowsouthwest", "↙"),
    ("bardbl", "‖"),
    ("ceilingleft", "⌈"),
    ("ceilingright", "⌉"),
    ("circledot", "⊙"),
    ("diamondmath", "⋄"),
    ("dotlessj", "ȷ"),
    ("epsilon1", "ϵ"),
    ("floorleft", "⌊"),
    ("floorright", "⌋"),
    ("follows", "≻"),
    ("followsequal", "⪰"),
    ("greatermuch", "≫"),
    ("greaterorequalslant", "⩾"),
    ("latticetop", "⊤"),
    ("lessmuch", "≪"),
    ("lessorequalslant", "⩽"),
    ("lscript", "ℓ"),
    ("mapsto", "↦"),
    ("negationslash", "\u{338}"),
    ("nbspace", " "),
    ("owner", "∋"),
    ("pi1", "ϖ"),
    ("precedesequal", "⪯"),
    ("rho1", "ϱ"),
    ("similarequal", "≃"),
    ("star", "⋆"),
    ("triangleinv", "▽"),
    ("turnstileleft", "⊢"),
    ("unionmulti", "⊎"),
    ("unionsq", "⊔"),
    ("visiblespace", " "),
];

/// Endings that say how a glyph looks, not what it means: `oneoldstyle`, `parenleftbig`, `summationdisplay`.
const LOOKS: [&str; 8] = ["oldstyle", "display", "text", "bigg", "Bigg", "big", "Big", "fitted"];

/// What a glyph's name means: `minus`, `uni2212`, `u1F600`, `f_i`, `one.lining`. Names that only number the glyphs, `g12`, mean nothing.
pub(super) fn character(name: &str) -> Option<String> {
    let name = name.split('.').next().filter(|name| !name.is_empty() && name.len() < 200)?;
    if let Some(text) = glyphname_to_unicode(name).filter(|text| text.chars().all(is_known)) {
        return Some(text.to_owned());
    }
    if let Some((_, text)) = TEX.iter().find(|(known, _)| *known == name) {
        return Some((*text).to_owned());
    }
    if name.contains('_') {
        return name.split('_').map(character).collect();
    }
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.len() % 4 == 0 && digits.is_ascii()) {
        return (0..digits.len() / 4).map(|i| of_hex(&digits[4 * i..4 * i + 4])).collect();
    }
    if let Some(digits) = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())) {
        return of_hex(digits).map(String::from);
    }
    LOOKS.iter().find_map(|looks| name.strip_suffix(looks)).filter(|name| !name.is_empty()).and_then(character)
}

fn of_hex(digits: &str) -> Option<char> {
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32).filter(|c| is_known(*c))
}

#[cfg(test)]
mod tests {
    use super::character;

    #[test]
    fn names_mean_what_adobe_and_tex_say() {
        // Adobe Glyph List for New Fonts; glyphtounicode.tex.
        for (name, text) in [
            ("minus", "−"),
            ("ff", "ﬀ"),
            ("f_f_i", "ffi"),
            ("uni2212", "−"),
            ("uni00660069", "fi"),
            ("u1F600", "😀"),
            ("one.lining", "1"),
            ("oneoldstyle", "1"),
            ("parenleftbig", "("),
            ("summationdisplay", "∑"),
            ("lessmuch", "≪"),
            ("dotlessj", "ȷ"),
        ] {
            assert_eq!(character(name).as_deref(), Some(text), "{name}");
        }
        for name in ["", ".notdef", "g12", "c65", "G41", "glyph7", "cid00012", "index12", "uni12", "uniD800", "u+1234", "uni000G", "F731", "text", "x_g1"] {
            let found = character(name);
            assert!(found.is_none(), "{name} is {found:?}");
        }
    }
}
