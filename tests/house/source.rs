//! What one file of the source names and defines, read with `syn`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

/// What the rules ask of one file.
#[derive(Default)]
pub struct Source {
    pub file: String,
    pub text: String,
    /// Every path of two names or more and every import. What climbs by `super` or stands under
    /// `self` is spelled from `crate`.
    pub paths: BTreeSet<String>,
    /// What every `cfg` asks.
    pub conditions: Vec<String>,
    /// The structs, enums and unions it defines.
    pub types: Vec<String>,
    /// What it says `pub` of, aliases and traits too; none of the tests.
    pub public: Vec<String>,
    /// The types of its inherent `impl` blocks, by their own names where the room has an alias.
    pub impls: Vec<String>,
    /// Whether only tests have this file.
    pub is_tests: bool,
    /// The modules in files of their own that only tests have, spelled from `crate`.
    test_modules: Vec<String>,
    aliases: Vec<(String, String)>,
}

impl Source {
    /// Reads the files of one crate, each with its path in the checkout and its text.
    pub fn all(files: &[(&str, &str)]) -> Vec<Self> {
        let mut sources: Vec<Self> = files
            .iter()
            .map(|(file, text)| Self::of(file, text))
            .collect();
        let test_modules: BTreeSet<String> = sources
            .iter()
            .flat_map(|source| source.test_modules.clone())
            .collect();
        let mut aliases = BTreeMap::new();
        for source in &sources {
            let here = source.aliases.iter().cloned();
            aliases.extend(here.map(|(name, of)| ((source.room().to_owned(), name), of)));
        }
        for source in &mut sources {
            let room = source.room().to_owned();
            for name in &mut source.impls {
                if let Some(of) = aliases.get(&(room.clone(), name.clone())) {
                    name.clone_from(of);
                }
            }
            let module = source.module();
            source.is_tests =
                (1..=module.len()).any(|end| test_modules.contains(&module[..end].join("::")));
            if source.is_tests {
                source.public.clear();
            }
        }
        sources
    }

    fn of(file: &str, text: &str) -> Self {
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let source = Self {
            file: file.to_owned(),
            text: text.to_owned(),
            ..Self::default()
        };
        let module = source.module();
        let mut reader = Reader {
            source,
            module,
            in_tests: false,
        };
        reader.visit_file(&parsed);
        reader.source
    }

    /// The room: the first name below `src/`.
    pub fn room(&self) -> &str {
        let inside = self.file.strip_prefix("src/").unwrap_or(&self.file);
        inside.split(['/', '.']).next().unwrap_or_default()
    }

    /// The line that first spells `path`, or as much of its end as any line spells.
    pub fn line_of(&self, path: &str) -> usize {
        let ends = path.match_indices("::").map(|(at, _)| &path[at + 2..]);
        let line = |end: &str| self.text.lines().position(|line| spells(line, end));
        [path]
            .into_iter()
            .chain(ends)
            .find_map(line)
            .map_or(1, |at| at + 1)
    }

    /// The module that the file is, from `crate`.
    fn module(&self) -> Vec<String> {
        let inside = self.file.strip_prefix("src/").unwrap_or(&self.file);
        let names = inside.trim_end_matches(".rs").split('/');
        let names = names.filter(|name| !["mod", "lib", "main"].contains(name));
        ["crate"]
            .into_iter()
            .chain(names)
            .map(str::to_owned)
            .collect()
    }
}

/// Whether `line` is code that has `name` between other characters than a name's.
fn spells(line: &str, name: &str) -> bool {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    !line.trim_start().starts_with("//")
        && line.match_indices(name).any(|(at, _)| {
            !line[..at].ends_with(is_word) && !line[at + name.len()..].starts_with(is_word)
        })
}

struct Reader {
    source: Source,
    module: Vec<String>,
    in_tests: bool,
}

impl Reader {
    fn name(&mut self, mut path: Vec<String>) {
        if path.len() > 1 && path.ends_with(&["self".to_owned()]) {
            path.pop();
        }
        let climbs = path
            .iter()
            .take_while(|name| *name == "super" || *name == "self");
        let supers = climbs.clone().filter(|name| *name == "super").count();
        let climbs = climbs.count();
        if climbs > 0 {
            let above = self.module.len().saturating_sub(supers).max(1);
            path.splice(..climbs, self.module[..above].iter().cloned());
        }
        self.source.paths.insert(path.join("::"));
    }

    fn imports(&mut self, tree: &UseTree, mut path: Vec<String>) {
        let name = match tree {
            UseTree::Path(branch) => {
                path.push(branch.ident.to_string());
                return self.imports(&branch.tree, path);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.imports(tree, path.clone());
                }
                return;
            }
            UseTree::Name(leaf) => leaf.ident.to_string(),
            UseTree::Rename(leaf) => leaf.ident.to_string(),
            UseTree::Glob(_) => "*".to_owned(),
        };
        path.push(name);
        self.name(path);
    }

    /// The paths and conditions spelled in a macro's or an attribute's tokens; `before` is what
    /// stands before their group.
    fn tokens(&mut self, tokens: TokenStream, before: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |at, punct| tokens.get(at).is_some_and(|token| is_punct(token, punct));
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            let first = match token {
                TokenTree::Group(group) => {
                    self.tokens(group.stream(), &[]);
                    continue;
                }
                TokenTree::Ident(first) => first,
                TokenTree::Punct(_) | TokenTree::Literal(_) => continue,
            };
            if let Some(TokenTree::Group(inside)) = tokens.get(at + usize::from(is(at, '!'))) {
                self.condition(&first.to_string(), &inside.stream());
            }
            let mut path = before.to_vec();
            path.push(first.to_string());
            while is(at, ':') && is(at + 1, ':') {
                match tokens.get(at + 2) {
                    Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                        self.tokens(group.stream(), &path);
                        path.clear();
                    }
                    _ => break,
                }
                at += 3;
            }
            if path.len() > 1 {
                self.name(path);
            }
        }
    }

    fn define(&mut self, name: &syn::Ident, seen_by: &Visibility, has_methods: bool) {
        if has_methods {
            self.source.types.push(name.to_string());
        }
        if matches!(seen_by, Visibility::Public(_)) && !self.in_tests {
            self.source.public.push(name.to_string());
        }
    }

    fn condition(&mut self, name: &str, asked: &TokenStream) {
        if ["cfg", "cfg_attr", "cfg_select"].contains(&name) {
            self.source.conditions.push(asked.to_string());
        }
    }
}

impl Visit<'_> for Reader {
    fn visit_item(&mut self, item: &Item) {
        let outside = self.in_tests;
        self.in_tests |= attributes(item).iter().any(is_for_tests);
        match item {
            Item::Struct(item) => self.define(&item.ident, &item.vis, true),
            Item::Enum(item) => self.define(&item.ident, &item.vis, true),
            Item::Union(item) => self.define(&item.ident, &item.vis, true),
            Item::Trait(item) => self.define(&item.ident, &item.vis, false),
            Item::Type(item) => {
                self.define(&item.ident, &item.vis, false);
                let of = type_name(&item.ty).map(|of| (item.ident.to_string(), of));
                self.source.aliases.extend(of);
            }
            Item::Impl(item) if item.trait_.is_none() => {
                self.source.impls.extend(type_name(&item.self_ty));
            }
            Item::Mod(item) if item.content.is_none() && self.in_tests => {
                let module = format!("{}::{}", self.module.join("::"), item.ident);
                self.source.test_modules.push(module);
            }
            _ => {}
        }
        visit::visit_item(self, item);
        self.in_tests = outside;
    }

    fn visit_item_mod(&mut self, module: &syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        item.attrs
            .iter()
            .for_each(|attribute| self.visit_attribute(attribute));
        self.imports(&item.tree, Vec::new());
    }

    /// Who may see an item is no import.
    fn visit_visibility(&mut self, _: &Visibility) {}

    fn visit_path(&mut self, path: &syn::Path) {
        if path.segments.len() > 1 {
            let names = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string());
            self.name(names.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &syn::Macro) {
        self.condition(&last(&call.path), &call.tokens);
        visit::visit_macro(self, call);
    }

    fn visit_meta_list(&mut self, list: &syn::MetaList) {
        self.condition(&last(&list.path), &list.tokens);
        visit::visit_meta_list(self, list);
    }

    fn visit_token_stream(&mut self, tokens: &TokenStream) {
        self.tokens(tokens.clone(), &[]);
    }
}

fn last(path: &syn::Path) -> String {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default()
}

fn is_punct(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == punct)
}

/// The name of a type that has one, without what it is generic over.
fn type_name(of: &syn::Type) -> Option<String> {
    match of {
        syn::Type::Path(of) => Some(last(&of.path)),
        _ => None,
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
}

fn attributes(item: &Item) -> &[Attribute] {
    use syn::*;
    match item {
        Item::Const(ItemConst { attrs, .. })
        | Item::Enum(ItemEnum { attrs, .. })
        | Item::Fn(ItemFn { attrs, .. })
        | Item::Impl(ItemImpl { attrs, .. })
        | Item::Macro(ItemMacro { attrs, .. })
        | Item::Mod(ItemMod { attrs, .. })
        | Item::Static(ItemStatic { attrs, .. })
        | Item::Struct(ItemStruct { attrs, .. })
        | Item::Trait(ItemTrait { attrs, .. })
        | Item::Type(ItemType { attrs, .. })
        | Item::Use(ItemUse { attrs, .. }) => attrs,
        _ => &[],
    }
}
