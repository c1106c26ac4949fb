final _tag = RegExp(r'^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-\d{3})?\b');

/// A language as phones name it, cut down to what the server takes: language, script and region (BCP 47). The rest, such
/// as the digits of `en-IN-u-nu-deva`, chooses no text. What is no tag is left out: a language must not cost a sign-in.
String? tagIn(String? locale) => _tag.stringMatch((locale ?? '').replaceAll('_', '-'));
