//! `imsmanifest.xml`: what a package holds, for SCORM 1.2 and SCORM 2004 (ADL, *Content Aggregation
//! Model*, chapter 3; <https://adlnet.gov/projects/scorm/>).

/// Name of the file at a package's root.
pub const MANIFEST_FILE: &str = "imsmanifest.xml";

/// The edition of SCORM that a package follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// SCORM 1.2, which every platform knows.
    Scorm12,
    /// SCORM 2004, fourth edition.
    Scorm2004,
}

impl Edition {
    /// Returns the namespaces of the content package and of ADL's extensions, the version, and the
    /// attribute that calls a resource a SCO.
    fn spellings(self) -> [&'static str; 4] {
        match self {
            Self::Scorm12 => [
                "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
                "http://www.adlnet.org/xsd/adlcp_rootv1p2",
                "1.2",
                "adlcp:scormtype",
            ],
            Self::Scorm2004 => [
                "http://www.imsglobal.org/xsd/imscp_v1p1",
                "http://www.adlnet.org/xsd/adlcp_v1p3",
                "2004 4th Edition",
                "adlcp:scormType",
            ],
        }
    }

    /// Returns what keeps a platform from calling a page that says nothing completed and passed, as
    /// SCORM 2004 has it by default (*Sequencing and Navigation*, 3.13). SCORM 1.2 has no such word.
    fn sequencing(self) -> &'static str {
        match self {
            Self::Scorm12 => "",
            Self::Scorm2004 => {
                r#"
        <imsss:sequencing xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
          <imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>
        </imsss:sequencing>"#
            }
        }
    }
}

/// Returns the manifest of a package with one SCO, `index.html`, and these files.
pub fn manifest(edition: Edition, title: &str, files: &[&str]) -> String {
    let [package, adl, version, kind] = edition.spellings();
    let title = escaped(title);
    let sequencing = edition.sequencing();
    let files: String = files
        .iter()
        .map(|file| format!("      <file href=\"{}\"/>\n", escaped(file)))
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="moue" version="1.0" xmlns="{package}" xmlns:adlcp="{adl}">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>{version}</schemaversion>
  </metadata>
  <organizations default="moue-organization">
    <organization identifier="moue-organization">
      <title>{title}</title>
      <item identifier="moue-item" identifierref="moue-sco">
        <title>{title}</title>{sequencing}
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="moue-sco" type="webcontent" {kind}="sco" href="index.html">
{files}    </resource>
  </resources>
</manifest>
"#
    )
}

/// Escapes a text for XML, and leaves out what XML 1.0 cannot hold
/// (<https://www.w3.org/TR/xml/#charsets>).
fn escaped(text: &str) -> String {
    let is_allowed = |it: &char| matches!(it, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let mut out = String::with_capacity(text.len());
    for character in text.chars().filter(is_allowed) {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_its_edition_its_page_and_its_files() {
        for (edition, version) in [
            (Edition::Scorm12, "1.2"),
            (Edition::Scorm2004, "2004 4th Edition"),
        ] {
            let text = manifest(edition, "Smile & <frown>\u{1}", &["index.html", "embed.js"]);
            assert!(text.contains(&format!("<schemaversion>{version}</schemaversion>")));
            assert_eq!(
                text.matches("<title>Smile &amp; &lt;frown&gt;</title>")
                    .count(),
                2
            );
            assert!(text.contains(r#"<file href="embed.js"/>"#));
            assert!(text.contains(r#"="sco" href="index.html""#));
            let is_newer = edition == Edition::Scorm2004;
            assert_eq!(text.contains(r#"completionSetByContent="true""#), is_newer);
        }
    }
}
