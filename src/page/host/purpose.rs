//! The purpose for which the host declares to read expressions, and whether it is allowed.
//!
//! The EU's AI Act (Regulation (EU) 2024/1689) prohibits AI systems that infer emotions of people
//! at work and in education institutions, except for medical or safety reasons: Article 5(1)(f). So
//! a host has to declare its purpose, and those two purposes also need a declared legal basis. The
//! declaration is not verified and does not make a use lawful; without one nothing starts.

use super::error::HostError;

/// The purpose for which expressions are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// People look at their own expressions.
    SelfReflection,
    /// People practise expressions: a role, a talk.
    Practice,
    /// Expressions are described to people who cannot see them.
    Accessibility,
    /// A study with its participants' consent.
    Research,
    /// A study of how a product is used, with its users' consent.
    UxStudy,
    /// A game.
    Game,
    /// Any use by a school or university, or in training that an institution offers or requires.
    EducationInstitution,
    /// Any use at work, including hiring.
    Workplace,
}

/// Why a purpose that is otherwise prohibited is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegalBasis {
    /// A medical reason in the sense of the Act: a medical device.
    Medical,
    /// A safety reason.
    Safety,
    /// Neither the provider nor the users nor the use are in the EU.
    OutsideEu,
}

impl Purpose {
    /// All purposes; those that are always allowed come first.
    pub const ALL: [Self; 8] = [
        Self::SelfReflection,
        Self::Practice,
        Self::Accessibility,
        Self::Research,
        Self::UxStudy,
        Self::Game,
        Self::EducationInstitution,
        Self::Workplace,
    ];

    /// Returns the value of the attribute `purpose`.
    pub fn name(self) -> &'static str {
        match self {
            Self::SelfReflection => "self-reflection",
            Self::Practice => "practice",
            Self::Accessibility => "accessibility",
            Self::Research => "research",
            Self::UxStudy => "ux-study",
            Self::Game => "game",
            Self::EducationInstitution => "education-institution",
            Self::Workplace => "workplace",
        }
    }

    /// Returns the key of the message shown to people.
    pub fn key(self) -> &'static str {
        match self {
            Self::SelfReflection => "purpose-self-reflection",
            Self::Practice => "purpose-practice",
            Self::Accessibility => "purpose-accessibility",
            Self::Research => "purpose-research",
            Self::UxStudy => "purpose-ux-study",
            Self::Game => "purpose-game",
            Self::EducationInstitution => "purpose-education-institution",
            Self::Workplace => "purpose-workplace",
        }
    }

    fn needs_basis(self) -> bool {
        matches!(self, Self::EducationInstitution | Self::Workplace)
    }
}

impl LegalBasis {
    /// All legal bases.
    pub const ALL: [Self; 3] = [Self::Medical, Self::Safety, Self::OutsideEu];

    /// Returns the value of the attribute `legal-basis`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Medical => "medical",
            Self::Safety => "safety",
            Self::OutsideEu => "outside-eu",
        }
    }
}

/// Parses both attributes and returns the purpose if expressions may be read for it.
///
/// # Errors
/// Code `purpose-missing`, `purpose-unknown`, `legal-basis-unknown`, or `purpose-prohibited` with
/// the reason.
pub fn check_purpose(purpose: Option<&str>, basis: Option<&str>) -> Result<Purpose, HostError> {
    let names = Purpose::ALL.map(Purpose::name).join(", ");
    let Some(given) = purpose.map(str::trim).filter(|it| !it.is_empty()) else {
        return Err(HostError::new(
            "purpose-missing",
            format!("Say what expressions are read for: set purpose to one of {names}."),
        ));
    };
    let purpose = Purpose::ALL.into_iter().find(|it| it.name() == given);
    let Some(purpose) = purpose else {
        return Err(HostError::new(
            "purpose-unknown",
            format!("No purpose is called \"{given}\": choose one of {names}."),
        ));
    };
    let bases = LegalBasis::ALL.map(LegalBasis::name).join(", ");
    let basis = match basis.map(str::trim).filter(|it| !it.is_empty()) {
        None => None,
        Some(given) => {
            let known = LegalBasis::ALL.into_iter().find(|it| it.name() == given);
            Some(known.ok_or_else(|| {
                HostError::new(
                    "legal-basis-unknown",
                    format!("No legal basis is called \"{given}\": choose one of {bases}."),
                )
            })?)
        }
    };
    if purpose.needs_basis() && basis.is_none() {
        return Err(HostError::new(
            "purpose-prohibited",
            format!(
                "The EU prohibits inferring emotions of people in education institutions and at \
                 work (AI Act, Regulation (EU) 2024/1689, Article 5(1)(f)), so nothing was started. \
                 Where an exception holds, declare it: legal-basis is one of {bases}. What is for \
                 the person alone and is required by nobody has the purpose self-reflection."
            ),
        ));
    }
    Ok(purpose)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(purpose: Option<&str>, basis: Option<&str>) -> String {
        check_purpose(purpose, basis).unwrap_err().code.into_owned()
    }

    #[test]
    fn a_purpose_is_needed_and_known() {
        assert_eq!(code(None, None), "purpose-missing");
        assert_eq!(code(Some(" "), Some("medical")), "purpose-missing");
        assert_eq!(code(Some("grading"), None), "purpose-unknown");
        for purpose in &Purpose::ALL[..6] {
            assert_eq!(check_purpose(Some(purpose.name()), None), Ok(*purpose));
        }
    }

    #[test]
    fn schools_and_work_need_a_declared_basis() {
        for purpose in ["education-institution", "workplace"] {
            let error = check_purpose(Some(purpose), None).unwrap_err();
            assert_eq!(error.code, "purpose-prohibited");
            assert!(error.message.contains("5(1)(f)"), "{error:?}");
            assert_eq!(code(Some(purpose), Some("")), "purpose-prohibited");
            assert_eq!(code(Some(purpose), Some("consent")), "legal-basis-unknown");
            for basis in LegalBasis::ALL {
                assert!(check_purpose(Some(purpose), Some(basis.name())).is_ok());
            }
        }
    }
}
