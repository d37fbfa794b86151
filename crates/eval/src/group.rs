use serde::{Deserialize, Serialize};

/// What an error is an error of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The text.
    Text,
    /// The structure.
    Structure,
}

macro_rules! groups {
    ($($part:ident $variant:ident $name:literal $told:literal;)*) => {
        /// Kinds of errors.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Group {
            $(#[doc = $told] #[serde(rename = $name)] $variant,)*
        }

        impl Group {
            /// All of them.
            pub const ALL: &'static [Group] = &[$(Group::$variant),*];

            /// The name in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Group::$variant => $name),* }
            }

            /// What it means, in a few words.
            pub fn told(self) -> &'static str {
                match self { $(Group::$variant => $told),* }
            }

            /// What it is an error of.
            pub fn part(self) -> Part {
                match self { $(Group::$variant => Part::$part),* }
            }
        }
    };
}

groups! {
    Text ToneMark "tone_mark" "another tone mark";
    Text VowelMark "vowel_mark" "another mark of the letter itself (ă â đ ê ô ơ ư)";
    Text Letter "letter" "other letters";
    Text Split "split" "one word read as several";
    Text Join "join" "several words read as one";
    Text Case "case" "capital for small letter, or the reverse";
    Text Digit "digit" "digits";
    Text Symbol "symbol" "number or symbol of a document";
    Text Name "name" "a word that is capitalised inside a sentence";
    Text Moved "moved" "words in another place";
    Text Missing "missing" "words that were not read";
    Text Spare "spare" "words that are not in the text";
    Structure TaskMissed "task_missed" "task not found";
    Structure TaskSpurious "task_spurious" "no task";
    Structure TaskCut "task_cut" "task cut too short, too long, or run together with another";
    Structure TaskSection "task_section" "task in the wrong section";
    Structure UnitMissed "unit_missed" "unit not found";
    Structure UnitSpurious "unit_spurious" "no unit of the task";
    Structure UnitRole "unit_role" "unit with the wrong role";
    Structure UnitName "unit_name" "unit under another name";
    Structure DeadlineMissed "deadline_missed" "deadline not found";
    Structure DeadlineSpurious "deadline_spurious" "no deadline of the task";
    Structure DeadlineWrong "deadline_wrong" "deadline with the wrong date or rule";
    Structure TargetMissed "target_missed" "target not found";
    Structure TargetSpurious "target_spurious" "no target";
    Structure TargetWrong "target_wrong" "target with the wrong value, unit or direction";
    Structure ReferenceMissed "reference_missed" "cited document not found";
    Structure ReferenceSpurious "reference_spurious" "no cited document";
    Structure ReferenceWrong "reference_wrong" "cited document with the wrong date or symbol";
    Structure HeadingMissed "heading_missed" "heading not found";
    Structure HeadingSpurious "heading_spurious" "no heading";
    Structure HeadingWrong "heading_wrong" "heading with the wrong label or title";
    Structure MetadataMissed "metadata_missed" "field of the metadata not found";
    Structure MetadataWrong "metadata_wrong" "field of the metadata with another value";
    Structure MetadataSpurious "metadata_spurious" "field of the metadata that the paper leaves blank";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_json() {
        for group in Group::ALL {
            assert_eq!(serde_json::to_value(group).unwrap(), group.name());
        }
    }
}
