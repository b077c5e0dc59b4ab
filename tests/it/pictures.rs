//! Pictures: their similarity is scikit-image's, an `image` check judges them, and a student gets the very target.

use mlgrade::data::BUILTINS;
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::picture::Picture;
use mlgrade::picture::figure::decode;
use mlgrade::picture::similarity::{psnr, ssim};
use mlgrade::submission::Submission;

use crate::common::{Folder, Opened, item, mlgrade};

/// The built-in picture.
pub(crate) fn chelsea() -> Picture {
    BUILTINS.iter().find(|row| row.name == "chelsea").unwrap().load().unwrap().picture().unwrap().clone()
}

/// A picture of Chelsea's size whose channel `c` at row `y` and column `x` is `value(y, x, c)`.
fn made(value: impl Fn(usize, usize, usize) -> i32) -> Picture {
    let bytes = (0..30_000).map(|i| u8::try_from(value(i / 300, i / 3 % 100, i % 3).clamp(0, 255)).unwrap());
    Picture { width: 100, height: 100, rgb: bytes.collect() }
}

/// `np.clip(t + (y * 31 + x * 17 + c * 7) % 41 - 20, 0, 255)`.
fn noisy(t: &Picture) -> Picture {
    made(|y, x, c| i32::from(t.rgb[(y * 100 + x) * 3 + c]) + i32::try_from((y * 31 + x * 17 + c * 7) % 41).unwrap() - 20)
}

/// With `p = np.pad(t.astype(int), ((1, 1), (1, 1), (0, 0)), mode="edge")` the mean of 3×3 pixels, rounded down.
fn blurred(t: &Picture) -> Picture {
    let at = |y: usize, x: usize, c: usize| i32::from(t.rgb[(y.clamp(1, 100) - 1) * 300 + (x.clamp(1, 100) - 1) * 3 + c]);
    made(|y, x, c| (0..9).map(|k| at(y + k / 3, x + k % 3, c)).sum::<i32>() / 9)
}

#[test]
fn similarity_is_what_scikit_image_says() {
    let t = chelsea();
    let flat = made(|_, _, _| 128);
    let corner = |picture: &Picture| picture.cropped(0, 0, 13, 20).unwrap();
    // skimage.metrics 0.26.0: peak_signal_noise_ratio(t, o, data_range=255) and structural_similarity(t, o, channel_axis=2,
    // data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    let cases = [
        ("noise", t.clone(), noisy(&t), 26.683_668_070_401, 0.744_486_251_203),
        ("blur", t.clone(), blurred(&t), 29.920_111_798_510, 0.843_543_915_675),
        ("flat", t.clone(), flat, 15.076_926_225_729, 0.247_197_205_555),
        ("20 rows of 13 columns", corner(&t), corner(&noisy(&t)), 26.663_482_330_570, 0.737_175_506_532),
    ];
    for (name, a, b, db, index) in cases {
        assert!((psnr(&a, &b).unwrap() - db).abs() < 1e-9, "{name}: {:?}", psnr(&a, &b));
        assert!((ssim(&a, &b).unwrap() - index).abs() < 1e-9, "{name}: {:?}", ssim(&a, &b));
    }
}

fn rubric(settings: &str) -> String {
    format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\ndata.cat = {{ builtin = \"chelsea\" }}\n[[part]]\nid = \"p\"\ntitle = \"P\"\n\
         [[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 3\ncheck = \"image\"\nimage = \"x\"\ndata = \"cat\"\n{settings}\n"
    )
}

/// Verdict and reason for an image check with these settings on these files.
fn judged(settings: &str, files: &[(&str, Vec<u8>)]) -> (V, String) {
    let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.clone()));
    let report = Opened::of(&rubric(settings), None).judge(&Submission::of_files("s", files));
    let item = item(&report, "p/i");
    (item.verdict, item.reason.clone())
}

#[test]
fn a_reconstruction_is_judged_by_its_pixels() {
    let t = chelsea();
    let (noise, blur) = (noisy(&t).png().unwrap(), blurred(&t).png().unwrap());
    let one = |bytes: &Vec<u8>| vec![("figures/x.png", bytes.clone())];
    let both = vec![("figures/x.png", blur.clone()), ("figures/raw.png", noise.clone())];
    let claims = |db: &str| vec![("figures/x.png", noise.clone()), ("metrics.toml", format!("db = {db}").into_bytes())];
    let claim = "claim = 'db'\ntolerance = { absolute = 0.2 }";
    let levels = "levels = [{ psnr = 26.0, points = 2 }, { psnr = 28.0, points = 3 }]";
    let cases = [
        (
            "psnr = { at_least = 26 }\nssim = { at_least = 0.7 }",
            one(&noise),
            V::Pass,
            "figures/x.png: 26.68 dB, SSIM 0.744; at least 26 dB is asked; at least 0.7 SSIM is asked",
        ),
        ("psnr = { at_least = 27 }", one(&noise), V::Fail, "figures/x.png: 26.68 dB, SSIM 0.744; at least 27 dB is asked"),
        ("ssim = { at_least = 0.8 }", one(&noise), V::Fail, "at least 0.8 SSIM is asked"),
        (levels, one(&blur), V::Pass, "29.92 dB"),
        (levels, one(&noise), V::Partial, "full marks need 28 dB"),
        ("levels = [{ psnr = 28, points = 3 }]", one(&noise), V::Fail, "full marks need 28 dB"),
        ("beats = 'raw'\nby = 3", both.clone(), V::Pass, "3.24 dB above figures/raw.png (26.68 dB)"),
        ("beats = 'raw'\nby = 4", both.clone(), V::Fail, "at least 4 dB above figures/raw.png (26.68 dB)"),
        ("beats = 'raw'", one(&blur), V::Missing, "there is no figure `raw`"),
        (claim, claims("26.6"), V::Pass, "db agrees"),
        (claim, claims("29.9"), V::Contradicted, "db says 29.9 dB, figures/x.png has 26.68 dB"),
        (claim, claims("nan"), V::Unreadable, "NaN"),
        (claim, one(&noise), V::Missing, "`db`"),
        ("psnr = { at_least = 20 }", Vec::new(), V::Missing, "there is no figure `x`"),
    ];
    for (settings, files, verdict, part) in cases {
        let (found, reason) = judged(settings, &files);
        assert!(found == verdict && reason.contains(part), "{settings}: {found:?}, {reason}");
    }
}

#[test]
fn a_picture_comes_in_many_forms() {
    let t = chelsea();
    let encoded = |colour: png::ColorType, bytes: Vec<u8>| {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 100, 100);
        encoder.set_color(colour);
        encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
        file
    };
    let opaque = t.rgb.chunks(3).flat_map(|pixel| [pixel, &[255]].concat()).collect();
    let grey = t.rgb.chunks(3).map(|pixel| u8::try_from(pixel.iter().map(|&c| u32::from(c)).sum::<u32>() / 3).unwrap()).collect();
    let cases = [
        ("x.png", encoded(png::ColorType::Rgba, opaque), V::Pass, "100.00 dB, SSIM 1.000;"),
        ("x.png", encoded(png::ColorType::Grayscale, grey), V::Fail, "dB, SSIM 0."),
        ("x.png", t.cropped(0, 0, 100, 99).unwrap().png().unwrap(), V::Fail, "has 100×99 pixels, the picture to reconstruct 100×100; save the array itself"),
        ("x.png", Picture { width: 50, height: 50, rgb: vec![9; 7500] }.png().unwrap(), V::Fail, "has 50×50 pixels"),
        ("x.svg", b"<svg width=\"100\" height=\"100\"/>".to_vec(), V::NeedsReview, "figures/x.svg: this is a drawing"),
        ("x.png", b"no picture".to_vec(), V::NeedsReview, "neither PNG, JPEG nor SVG"),
    ];
    for (name, bytes, verdict, part) in cases {
        let (found, reason) = judged("psnr = { at_least = 30 }", &[(&format!("figures/{name}"), bytes)]);
        assert!(found == verdict && reason.contains(part), "{found:?}, {reason}");
    }
    let by_pixel: Vec<u8> = (0..90_000).flat_map(|i| t.rgb[((i / 300 / 3) * 100 + i % 300 / 3) * 3..][..3].to_vec()).collect();
    let large = Picture { width: 300, height: 300, rgb: by_pixel }.png().unwrap();
    let (found, reason) = judged("psnr = { at_least = 30 }", &[("figures/x.png", large)]);
    assert!(found == V::Pass && reason.contains("SSIM 1.000 (enlarged 3 times)"), "{found:?}, {reason}");
}

#[test]
fn faults_of_an_image_check_are_found() {
    for settings in ["", "psnr = 24", "psnr = {}", "ssim = { at_leest = 1 }", "claim = 'db'", "by = 3\npsnr = { at_least = 1 }", "levels = [{ psnr = 3 }]"] {
        assert!(mlgrade::rubric::parse(&rubric(settings)).0.is_none(), "{settings}");
    }
}

#[test]
fn a_students_edition_tells_what_she_has_and_not_what_is_asked() {
    let folder = Folder::new().with("rubric.toml", rubric("psnr = { at_least = 23.45 }\nbeats = \"raw\"\nby = 6.78"));
    let noise = noisy(&chelsea()).png().unwrap();
    let folder = folder.with("s/figures/x.png", &noise).with("s/figures/raw.png", noisy(&noisy(&chelsea())).png().unwrap());
    let at = |path: &str| folder.path().join(path).display().to_string();
    assert!(mlgrade(&["release", "--rubric", &at("rubric.toml"), "--out", &at("out")]).status.success());
    let released = folder.read("out/r.student.toml");
    assert!(!released.contains("23.45") && !released.contains("6.78") && released.contains("raw"), "{released}");
    let output = mlgrade(&["check", &at("s"), "--rubric", &at("out/r.student.toml")]);
    let text = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("figures/x.png: 26.68 dB, SSIM 0.744;") && text.contains("only the course can judge it"), "{text}");
}

#[test]
fn the_target_is_exported_pixel_for_pixel() {
    let out = Folder::new();
    let output = mlgrade(&["data", "--export", out.path().to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    let bytes = std::fs::read(out.path().join("chelsea.png")).unwrap();
    assert_eq!(Picture::of_figure(&decode("chelsea.png", &bytes).unwrap()), Some(chelsea()));
    let none = mlgrade(&["data", "--rubric", "deep-learning-lab", "--export", out.path().to_str().unwrap()]);
    assert!(!none.status.success() && String::from_utf8_lossy(&none.stderr).contains("none of these data sets is a picture"), "{none:?}");
}
