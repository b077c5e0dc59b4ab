//! The content of a page carried out, operator by operator (ISO 32000-1, annex A): what is seen lands on a canvas.

use mlgrade_picture::geometry::{Affine, Point, Rect};
use std::collections::HashMap;
use std::rc::Rc;

use mlgrade_domain::limits;

use super::budget::Fault;
use super::canvas::{Canvas, Mark, Placed, Shape};
use super::file::File;
use super::filter;
use super::font::Font;
use super::matrix::{encloses, mapped, matrix};
use super::object::{Dict, Lexer, Object, Stream, Token};
use super::path::Path;
use super::show::{Setting, glyph};
use super::state::{State, colour};
use super::svg::short;

/// Operands of an operator; a list is one.
const OPERANDS: usize = 1_000;

/// Forms in forms.
const DEPTH: usize = 8;

/// States that are kept at once.
const STATES: usize = 256;

/// Boxes that things are cut off at, of which more are not kept.
const CLIPS: usize = 64;

/// A form of at most this side, in points, is a marker.
const MARKER: f64 = 24.0;

/// Pictures of a page.
const PICTURES: usize = 1_000;

/// What names in a content stand for.
#[derive(Debug, Default)]
pub(super) struct Resources {
    fonts: Dict,
    objects: Dict,
    states: Dict,
}

impl Resources {
    pub(super) fn of(file: &File, dict: &Object) -> Result<Self, Fault> {
        let dict = file.resolved(dict)?;
        let Some(dict) = dict.dict() else { return Ok(Self::default()) };
        let part = |key: &str| -> Result<Dict, Fault> { Ok(file.entry(dict, key)?.dict().cloned().unwrap_or_default()) };
        Ok(Self { fonts: part("Font")?, objects: part("XObject")?, states: part("ExtGState")? })
    }
}

/// Something that is drawn as a whole, perhaps many times.
struct Form {
    bytes: Vec<u8>,
    resources: Option<Rc<Resources>>,
    matrix: Affine,
    area: Option<[f64; 4]>,
}

/// Carries out contents.
pub(super) struct Interpreter<'f, 'a> {
    file: &'f File<'a>,
    pub canvas: Canvas,
    fonts: HashMap<u32, Rc<Font>>,
    opacities: HashMap<u32, [Option<f64>; 2]>,
    forms: HashMap<u32, Rc<Form>>,
    /// How many forms were drawn on the page itself.
    drawn: usize,
}

/// What belongs to one content.
struct Frame {
    resources: Rc<Resources>,
    state: State,
    kept: Vec<State>,
    path: Path,
    /// Whether the path cuts off what follows it.
    cuts: bool,
    setting: Setting,
    /// The form on the page, 0 for the page itself, and how deep it is.
    form: usize,
    depth: usize,
    /// Where the form's own origin is.
    origin: Option<Point>,
}

impl Frame {
    /// The content of a page, before its first operator.
    fn of(resources: Rc<Resources>, state: State) -> Self {
        Self { resources, state, kept: Vec::new(), path: Path::default(), cuts: false, setting: Setting::default(), form: 0, depth: 0, origin: None }
    }
}

impl<'f, 'a> Interpreter<'f, 'a> {
    pub(super) fn of(file: &'f File<'a>, size: Point) -> Self {
        Self { file, canvas: Canvas { size, ..Canvas::default() }, fonts: HashMap::new(), opacities: HashMap::new(), forms: HashMap::new(), drawn: 0 }
    }

    /// Carries out the content of a page.
    pub(super) fn page(&mut self, bytes: &[u8], resources: Resources, matrix: Affine) -> Result<(), Fault> {
        self.run(bytes, Frame::of(Rc::new(resources), State::of(matrix)))
    }

    fn run(&mut self, bytes: &[u8], mut frame: Frame) -> Result<(), Fault> {
        let mut lexer = Lexer::of_content(bytes, self.file.budget);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(token) = lexer.next()? {
            match token {
                Token::Object(object) if operands.len() < OPERANDS => operands.push(object),
                Token::Object(_) => return Err("an operator on it has more operands than are read".into()),
                Token::Word(b"BI") => {
                    lexer.pass_inline_picture()?;
                    self.place(&frame, None)?;
                    operands.clear();
                }
                Token::Word(operator) => {
                    self.file.budget.operator()?;
                    let matrix = frame.state.matrix;
                    if !frame.path.add(operator, &operands, &matrix, frame.origin.unwrap_or_default()) {
                        self.operator(operator, &operands, &mut frame)?;
                    }
                    if frame.path.len() > limits::PDF_DRAWING {
                        return Err("it draws more than is read of one page".into());
                    }
                    operands.clear();
                }
            }
        }
        Ok(())
    }

    fn operator(&mut self, operator: &[u8], operands: &[Object], frame: &mut Frame) -> Result<(), Fault> {
        match operator {
            b"q" if frame.kept.len() < STATES => frame.kept.push(frame.state.clone()),
            b"Q" => frame.state = frame.kept.pop().unwrap_or_else(|| frame.state.clone()),
            b"cm" => {
                if let Some(inner) = matrix(operands) {
                    frame.state.matrix = frame.state.matrix.after(inner);
                }
            }
            b"d" => frame.state.set_dash(operands.first().and_then(Object::list).unwrap_or_default()),
            b"gs" => self.set(operands, frame)?,
            b"cs" => frame.state.colours[0] = [0; 3],
            b"CS" => frame.state.colours[1] = [0; 3],
            b"g" | b"rg" | b"k" | b"sc" | b"scn" => frame.state.colours[0] = colour(operands),
            b"G" | b"RG" | b"K" | b"SC" | b"SCN" => frame.state.colours[1] = colour(operands),
            b"W" | b"W*" => frame.cuts = true,
            b"S" => self.paint(frame, false, true)?,
            b"f" | b"F" | b"f*" => self.paint(frame, true, false)?,
            b"B" | b"B*" => self.paint(frame, true, true)?,
            b"n" => self.paint(frame, false, false)?,
            b"s" | b"b" | b"b*" => {
                frame.path.close();
                self.paint(frame, operator != b"s", true)?;
            }
            b"Do" => self.invoke(operands, frame)?,
            b"Tf" => {
                frame.state.text.font = self.font(operands, frame)?;
                frame.state.text.size = operands.get(1).and_then(Object::number).unwrap_or(1.0);
            }
            _ => frame.setting.operator(operator, operands, &mut frame.state, &mut self.canvas, frame.form)?,
        }
        Ok(())
    }

    /// Settings under a name: of these, only whether something is seen matters.
    fn set(&mut self, operands: &[Object], frame: &mut Frame) -> Result<(), Fault> {
        let Some(name) = key(operands) else { return Ok(()) };
        let reference = frame.resources.states.get(&name);
        let known = if let Object::Reference(id) = reference { self.opacities.get(id).copied() } else { None };
        let opacities = match known {
            Some(known) => known,
            None => self.opacities(reference)?,
        };
        for (opacity, seen) in opacities.into_iter().zip(&mut frame.state.seen) {
            *seen = opacity.map_or(*seen, |opacity| opacity > 0.0);
        }
        Ok(())
    }

    /// How opaque fillings and strokes are, if the settings say so.
    fn opacities(&mut self, reference: &Object) -> Result<[Option<f64>; 2], Fault> {
        let settings = self.file.resolved(reference)?;
        let mut opacities = [None; 2];
        if let Some(settings) = settings.dict() {
            for (key, opacity) in ["ca", "CA"].into_iter().zip(&mut opacities) {
                *opacity = self.file.entry(settings, key)?.number();
            }
        }
        if let Object::Reference(id) = reference {
            self.opacities.insert(*id, opacities);
        }
        Ok(opacities)
    }

    fn font(&mut self, operands: &[Object], frame: &Frame) -> Result<Option<Rc<Font>>, Fault> {
        let Some(name) = key(operands) else { return Ok(None) };
        let reference = frame.resources.fonts.get(&name);
        if let Object::Reference(id) = reference
            && let Some(known) = self.fonts.get(id)
        {
            return Ok(Some(Rc::clone(known)));
        }
        let object = self.file.resolved(reference)?;
        let Some(dict) = object.dict() else { return Ok(None) };
        let font = Rc::new(Font::read(self.file, dict)?);
        if let Object::Reference(id) = reference {
            self.fonts.insert(*id, Rc::clone(&font));
        }
        Ok(Some(font))
    }

    fn paint(&mut self, frame: &mut Frame, fill: bool, stroke: bool) -> Result<(), Fault> {
        let path = std::mem::take(&mut frame.path);
        let cuts = std::mem::take(&mut frame.cuts);
        let Some(area) = path.area() else { return Ok(()) };
        let state = &mut frame.state;
        let (fill, stroke) = (fill && state.seen[0], stroke && state.seen[1]);
        if (fill || stroke) && !path.is_empty() {
            let hex = |on: bool, [r, g, b]: [u8; 3]| if on { format!("#{r:02x}{g:02x}{b:02x}") } else { "none".to_owned() };
            let (inside, line) = (hex(fill, state.colours[0]), hex(stroke, state.colours[1]));
            let dash = if state.dash.is_empty() || !stroke { String::new() } else { format!(" stroke-dasharray=\"{}\"", state.dash) };
            let moved = frame.origin.map_or_else(String::new, |[x, y]| format!(" transform=\"translate({} {})\"", short(x), short(y)));
            let mut svg = format!("<path d=\"{}\" fill=\"{inside}\" stroke=\"{line}\"{dash}{moved}/>", path.data());
            let [right, bottom] = self.canvas.size;
            let page = Rect { left: 0.0, top: 0.0, right, bottom };
            if let Some(clip) = state.clip.filter(|clip| !encloses(*clip, page)).and_then(|clip| self.clip(clip)) {
                svg = format!("<g clip-path=\"url(#c{clip})\">{svg}</g>");
            }
            self.canvas.drawn += svg.len();
            if self.canvas.drawn > limits::PDF_DRAWING {
                return Err("it draws more than is read of one page".into());
            }
            let area = state.clip.map_or(area, |clip| area.intersection(clip));
            let shape = Shape { fill: fill.then_some(state.colours[0]), stroked: stroke, ..path.shape() };
            self.canvas.marks.push(Mark { svg, area, shape, form: frame.form });
        }
        if cuts {
            frame.state.cut(area);
        }
        Ok(())
    }

    fn clip(&mut self, clip: Rect) -> Option<usize> {
        let clips = &mut self.canvas.clips;
        let known = clips.iter().position(|known| *known == clip);
        if known.is_none() && clips.len() < CLIPS {
            clips.push(clip);
            return Some(clips.len() - 1);
        }
        known
    }

    fn invoke(&mut self, operands: &[Object], frame: &mut Frame) -> Result<(), Fault> {
        let Some(name) = key(operands) else { return Ok(()) };
        let reference = frame.resources.objects.get(&name);
        let Object::Reference(id) = *reference else { return Ok(()) };
        if !self.forms.contains_key(&id) {
            let Object::Stream(stream) = self.file.resolved(reference)? else { return Ok(()) };
            match self.file.entry(&stream.dict, "Subtype")?.name() {
                Some(b"Image") => return self.place(frame, Some(stream)),
                Some(b"Form") => {}
                _ => return Ok(()),
            }
            let form = self.form(&stream)?;
            self.forms.insert(id, Rc::new(form));
        }
        let Some(form) = self.forms.get(&id).map(Rc::clone) else { return Ok(()) };
        if glyph(&name, &form.bytes, &frame.state, &mut self.canvas, frame.form, self.file.budget)? {
            return Ok(());
        }
        if frame.depth >= DEPTH {
            return Err("what is drawn on it refers to itself".into());
        }
        let mut state = frame.state.clone();
        state.matrix = state.matrix.after(form.matrix);
        // A marker reaches nowhere beyond its box.
        if let Some(area) = form.area.and_then(|area| mapped(&state.matrix, area)).filter(|area| area.width().min(area.height()) > MARKER) {
            state.cut(area);
        }
        self.drawn += usize::from(frame.depth == 0);
        let resources = form.resources.clone().unwrap_or_else(|| Rc::clone(&frame.resources));
        let origin = Some(state.matrix.apply([0.0, 0.0]));
        let number = if frame.depth == 0 { self.drawn } else { frame.form };
        let inner = Frame { form: number, depth: frame.depth + 1, origin, ..Frame::of(resources, state) };
        self.run(&form.bytes, inner)
    }

    fn form(&self, stream: &Stream) -> Result<Form, Fault> {
        let file = self.file;
        let resources = file.entry(&stream.dict, "Resources")?;
        let numbers = |key: &str| file.entry(&stream.dict, key).map(|list| list.list().map(<[_]>::to_vec).unwrap_or_default());
        let area: Vec<f64> = numbers("BBox")?.iter().filter_map(Object::number).collect();
        Ok(Form {
            bytes: filter::bytes(file, stream)?,
            resources: if resources.is_null() { None } else { Some(Rc::new(Resources::of(file, &resources)?)) },
            matrix: matrix(&numbers("Matrix")?).unwrap_or(Affine::IDENTITY),
            area: <[f64; 4]>::try_from(area).ok(),
        })
    }

    /// Notes where a picture is.
    fn place(&mut self, frame: &Frame, stream: Option<Rc<Stream>>) -> Result<(), Fault> {
        if let Some(stream) = &stream
            && !self.file.entry(&stream.dict, "ImageMask")?.is_null()
        {
            return Ok(());
        }
        let Some(area) = mapped(&frame.state.matrix, [0.0, 0.0, 1.0, 1.0]) else { return Ok(()) };
        let [a, b, c, d, ..] = frame.state.matrix.0;
        let upright = b.abs() < 0.01 * a.abs() && c.abs() < 0.01 * d.abs();
        // The first row of a picture is its top where up is up.
        let mirrored = upright.then_some([a < 0.0, d > 0.0]);
        if self.canvas.pictures.len() >= PICTURES {
            return Err(format!("it has more than the {PICTURES} pictures that are looked at").into());
        }
        let area = frame.state.clip.map_or(area, |clip| area.intersection(clip));
        self.canvas.pictures.push(Placed { stream, area, mirrored });
        Ok(())
    }
}

/// The name that comes first, as a key.
fn key(operands: &[Object]) -> Option<String> {
    operands.first().and_then(Object::name).map(|name| String::from_utf8_lossy(name).into_owned())
}
