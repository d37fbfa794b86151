//! Content streams as a row of operators, byte for byte.
//!
//! Reading a stream and writing it anew would change the numbers in it and can lose inline pictures; here what is not
//! taken out stays exactly as it was.

use std::ops::Range;

/// An operator with its operands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Op<'c> {
    /// The operator; `BI` stands for a whole inline picture.
    pub name: &'c [u8],
    /// Its operands.
    pub operands: Vec<Operand<'c>>,
    /// Where it stands, from its first operand on.
    pub range: Range<usize>,
}

/// An operand, as far as it matters here.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand<'c> {
    /// A number.
    Number(f32),
    /// A name without its stroke.
    Name(&'c [u8]),
    /// A string, an array, a dictionary, a truth value.
    Other(Range<usize>),
}

impl Op<'_> {
    /// The operands where all are numbers and there are `N`.
    pub(crate) fn numbers<const N: usize>(&self) -> Option<[f32; N]> {
        let mut numbers = [0.0; N];
        if self.operands.len() != N {
            return None;
        }
        for (to, operand) in numbers.iter_mut().zip(&self.operands) {
            let Operand::Number(n) = operand else { return None };
            *to = *n;
        }
        Some(numbers)
    }

    /// The only operand, where it is a name.
    pub(crate) fn only_name(&self) -> Option<&[u8]> {
        match self.operands.as_slice() {
            [Operand::Name(name)] => Some(name),
            _ => None,
        }
    }
}

/// The operators of a stream, in order. What is no operator is passed over, as viewers do.
pub(crate) fn ops(bytes: &[u8]) -> Vec<Op<'_>> {
    let mut lexer = Lexer { bytes, at: 0 };
    let mut ops = Vec::new();
    let (mut operands, mut begin) = (Vec::new(), None);
    while let Some((token, range)) = lexer.token() {
        let start = *begin.get_or_insert(range.start);
        match token {
            Token::Operand(operand) => operands.push(operand),
            Token::Operator(name) => {
                let mut end = range.end;
                if name == b"BI" {
                    end = lexer.skip_picture();
                }
                ops.push(Op { name, operands: std::mem::take(&mut operands), range: start..end });
                begin = None;
            }
        }
    }
    ops
}

enum Token<'c> {
    Operand(Operand<'c>),
    Operator(&'c [u8]),
}

struct Lexer<'c> {
    bytes: &'c [u8],
    at: usize,
}

fn is_white(b: u8) -> bool {
    matches!(b, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_delimiter(b: u8) -> bool {
    matches!(b, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'c> Lexer<'c> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn slice(&self, range: Range<usize>) -> &'c [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    fn token(&mut self) -> Option<(Token<'c>, Range<usize>)> {
        loop {
            match self.peek()? {
                b if is_white(b) => self.at += 1,
                b'%' => self.skip_while(|b| !matches!(b, b'\n' | b'\r')),
                b')' | b']' | b'{' | b'}' | b'>' => self.at += 1,
                _ => break,
            }
        }
        let start = self.at;
        match self.peek()? {
            b'(' | b'[' | b'<' => {
                self.skip_value();
                Some((Token::Operand(Operand::Other(start..self.at)), start..self.at))
            }
            b'/' => {
                self.at += 1;
                self.skip_while(|b| !is_white(b) && !is_delimiter(b));
                let name = self.slice(start + 1..self.at);
                Some((Token::Operand(Operand::Name(name)), start..self.at))
            }
            _ => {
                self.skip_while(|b| !is_white(b) && !is_delimiter(b));
                let word = self.slice(start..self.at);
                let number = std::str::from_utf8(word).ok().and_then(|w| w.parse::<f32>().ok());
                let token = match (number, word) {
                    (Some(n), _) if !word.iter().any(u8::is_ascii_alphabetic) => {
                        Token::Operand(Operand::Number(n))
                    }
                    (_, b"true" | b"false" | b"null") => Token::Operand(Operand::Other(start..self.at)),
                    _ => Token::Operator(word),
                };
                Some((token, start..self.at))
            }
        }
    }

    fn skip_while(&mut self, holds: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&holds) {
            self.at += 1;
        }
    }

    /// Passes over a string, an array or a dictionary, with all inside it.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(b) = self.peek() {
            match b {
                b'(' => self.skip_string(),
                b'[' => (depth, self.at) = (depth + 1, self.at + 1),
                b']' => (depth, self.at) = (depth.saturating_sub(1), self.at + 1),
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                    (depth, self.at) = (depth + 1, self.at + 2);
                }
                b'<' => {
                    self.skip_while(|b| b != b'>');
                    self.at = (self.at + 1).min(self.bytes.len());
                }
                b'>' => (depth, self.at) = (depth.saturating_sub(1), (self.at + 2).min(self.bytes.len())),
                b'%' => self.skip_while(|b| !matches!(b, b'\n' | b'\r')),
                _ => self.at += 1,
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        let mut depth = 0_usize;
        while let Some(b) = self.peek() {
            self.at = (self.at + if b == b'\\' { 2 } else { 1 }).min(self.bytes.len());
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Passes over an inline picture after its `BI`: its entries, `ID`, its data and `EI`. Returns where it ends.
    fn skip_picture(&mut self) -> usize {
        while let Some((token, _)) = self.token() {
            if matches!(token, Token::Operator(b"ID")) {
                break;
            }
        }
        // The data ends at an `EI` that stands by itself; bytes of the picture seldom look like that and go on as text.
        while self.at < self.bytes.len() {
            let white_before =
                self.at.checked_sub(1).and_then(|i| self.bytes.get(i)).is_some_and(|&b| is_white(b));
            let after = self.bytes.get(self.at + 2);
            if white_before && self.slice(self.at..self.at + 2) == b"EI" && after.is_none_or(|&b| is_white(b))
            {
                let follows = self.slice(self.at + 2..(self.at + 12).min(self.bytes.len()));
                if follows.iter().all(|&b| is_white(b) || (0x20..0x7f).contains(&b)) {
                    self.at += 2;
                    return self.at;
                }
            }
            self.at += 1;
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(content: &[u8]) -> Vec<String> {
        ops(content).iter().map(|o| String::from_utf8_lossy(o.name).into_owned()).collect()
    }

    #[test]
    fn operators_keep_their_places() {
        let content =
            b"q 1 0 0 -1 .5 2 cm % Tj\n/F1 12 Tf (a \\) (b) Tj) Tj [(x) -3 <41>] TJ <</A [(])]>> BDC Q";
        let all = ops(content);
        assert_eq!(names(content), ["q", "cm", "Tf", "Tj", "TJ", "BDC", "Q"]);
        assert_eq!(all[1].numbers(), Some([1.0, 0.0, 0.0, -1.0, 0.5, 2.0]));
        assert_eq!(&content[all[3].range.clone()], b"(a \\) (b) Tj) Tj");
        assert_eq!(&content[all[4].range.clone()], b"[(x) -3 <41>] TJ");
    }

    #[test]
    fn an_inline_picture_is_one_operator_whatever_its_bytes() {
        let content = b"BI /W 1 /H 1 /BPC 8 /CS /G ID (\xff EI\xfe Tj\nEI Q";
        assert_eq!(names(content), ["BI", "Q"]);
    }

    #[test]
    fn a_stream_cut_short_ends() {
        for cut in [&b"(a"[..], b"[1 2", b"<41", b"<< /A", b"BI /W 1 ID xx", b"/", b"\\"] {
            let _ = ops(cut);
        }
    }
}
