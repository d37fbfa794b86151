//! Connected components of ink.

use image::GrayImage;

/// A connected piece of ink (8-neighbours): its box in pixels, half-open, and its number of dark pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Component {
    pub x0: u32,
    pub y0: u32,
    pub x1: u32,
    pub y1: u32,
    pub ink: u32,
}

impl Component {
    pub(crate) fn width(&self) -> u32 {
        self.x1 - self.x0
    }

    pub(crate) fn height(&self) -> u32 {
        self.y1 - self.y0
    }
}

/// A run of dark pixels in one row, and its node in the forest of labels.
#[derive(Clone, Copy)]
struct Run {
    x0: u32,
    x1: u32,
    y: u32,
    label: u32,
}

/// The ink of a page: its components, and the runs of pixels that each is made of.
pub(crate) struct Ink {
    pub components: Vec<Component>,
    /// Ordered by component, then by row.
    runs: Vec<Run>,
    /// Where the runs of each component start in `runs`.
    starts: Vec<usize>,
}

impl Ink {
    /// The ink of the pixels darker than `limit`.
    pub(crate) fn of(page: &GrayImage, limit: u8) -> Self {
        let mut labelled = Labelled::of(page, limit);
        let (components, of_run) = labelled.components();
        let mut runs: Vec<Run> = labelled
            .runs
            .iter()
            .zip(&of_run)
            .map(|(run, &component)| Run { label: component, ..*run })
            .collect();
        runs.sort_by_key(|r| r.label);
        let mut starts = vec![0; components.len() + 1];
        for run in &runs {
            starts[run.label as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Self { components, runs, starts }
    }

    /// The runs of a component: first pixel, one past the last, row.
    pub(crate) fn runs_of(&self, component: usize) -> impl Iterator<Item = (u32, u32, u32)> {
        let from = self.starts.get(component).copied().unwrap_or(0);
        let to = self.starts.get(component + 1).copied().unwrap_or(from);
        self.runs.get(from..to).unwrap_or_default().iter().map(|r| (r.x0, r.x1, r.y))
    }
}

/// Runs of dark pixels and the forest that joins them.
struct Labelled {
    runs: Vec<Run>,
    parents: Vec<u32>,
}

impl Labelled {
    /// Two passes over runs with a union-find forest; the forest has one node a run at most.
    fn of(page: &GrayImage, limit: u8) -> Self {
        let w = page.width() as usize;
        let mut runs: Vec<Run> = Vec::new();
        let mut parents: Vec<u32> = Vec::new();
        let mut above = 0..0;
        for (y, row) in page.as_raw().chunks_exact(w.max(1)).enumerate() {
            let first = runs.len();
            let mut x = 0;
            let mut candidate = above.start;
            while let Some(start) =
                row.get(x..).and_then(|r| r.iter().position(|&v| v < limit)).map(|d| x + d)
            {
                let length = row[start..].iter().position(|&v| v >= limit).unwrap_or(w - start);
                let (x0, x1) = (start as u32, (start + length) as u32);
                let mut label = None;
                while candidate < above.end && runs[candidate].x1 < x0 {
                    candidate += 1;
                }
                let mut touching = candidate;
                while touching < above.end && runs[touching].x0 <= x1 {
                    let root = find(&mut parents, runs[touching].label);
                    label = Some(match label {
                        None => root,
                        Some(l) => {
                            let (keep, drop) = (root.min(l), root.max(l));
                            parents[drop as usize] = keep;
                            keep
                        }
                    });
                    touching += 1;
                }
                let label = label.unwrap_or_else(|| {
                    parents.push(parents.len() as u32);
                    parents.len() as u32 - 1
                });
                runs.push(Run { x0, x1, y: y as u32, label });
                x = start + length;
            }
            above = first..runs.len();
        }
        Self { runs, parents }
    }

    /// The components, and for each run the index of its component.
    fn components(&mut self) -> (Vec<Component>, Vec<u32>) {
        let mut components: Vec<Component> = Vec::new();
        let mut index = vec![u32::MAX; self.parents.len()];
        let mut of_run = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            let root = find(&mut self.parents, run.label) as usize;
            if index[root] == u32::MAX {
                index[root] = components.len() as u32;
                components.push(Component { x0: run.x0, y0: run.y, x1: run.x1, y1: run.y + 1, ink: 0 });
            }
            of_run.push(index[root]);
            let c = &mut components[index[root] as usize];
            c.x0 = c.x0.min(run.x0);
            c.x1 = c.x1.max(run.x1);
            c.y1 = c.y1.max(run.y + 1);
            c.ink += run.x1 - run.x0;
        }
        (components, of_run)
    }
}

fn find(parents: &mut [u32], mut node: u32) -> u32 {
    while parents[node as usize] != node {
        parents[node as usize] = parents[parents[node as usize] as usize];
        node = parents[node as usize];
    }
    node
}

/// Paints white all components of pixels darker than `limit` that `unwanted` names.
pub(crate) fn erase(page: &mut GrayImage, limit: u8, unwanted: impl Fn(&Component) -> bool) -> usize {
    let mut labelled = Labelled::of(page, limit);
    let (components, of_run) = labelled.components();
    let gone: Vec<bool> = components.iter().map(unwanted).collect();
    let w = page.width() as usize;
    let pixels = page.as_mut();
    for (run, &component) in labelled.runs.iter().zip(&of_run) {
        if gone[component as usize] {
            let row = run.y as usize * w;
            pixels[row + run.x0 as usize..row + run.x1 as usize].fill(255);
        }
    }
    gone.iter().filter(|&&g| g).count()
}

/// Paints white the components of fewer than `pixels` pixels. The page is black and white.
pub(crate) fn remove_specks(page: &mut GrayImage, pixels: u32) {
    erase(page, 128, |c| c.ink < pixels);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &[&str]) -> GrayImage {
        GrayImage::from_fn(rows[0].len() as u32, rows.len() as u32, |x, y| {
            image::Luma([if rows[y as usize].as_bytes()[x as usize] == b'#' { 0 } else { 255 }])
        })
    }

    #[test]
    fn pieces_that_meet_late_or_at_corners_are_one() {
        let ink = Ink::of(&page(&["#..#..#", "#..#...", ".##...#", "......#"]), 128);
        assert_eq!(ink.components.len(), 3);
        assert_eq!(ink.components[0], Component { x0: 0, y0: 0, x1: 4, y1: 3, ink: 6 });
        assert_eq!(
            ink.runs_of(0).collect::<Vec<_>>(),
            [(0, 1, 0), (3, 4, 0), (0, 1, 1), (3, 4, 1), (1, 3, 2)]
        );
    }

    #[test]
    fn specks_go_and_letters_stay() {
        let mut p = page(&["#....", "...##", "...##"]);
        remove_specks(&mut p, 2);
        assert_eq!(p, page(&[".....", "...##", "...##"]));
    }
}
