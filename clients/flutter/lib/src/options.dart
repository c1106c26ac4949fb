/// What looks like a key of the SMS provider, which belongs on the server and in no app.
final _providerKey = RegExp(r'\bsm_[a-z]+_\w|^x-api-key$', caseSensitive: false);

/// Throws when a value looks like a provider's key, without repeating it.
void refuseKeys(Iterable<String> values) {
  if (values.any(_providerKey.hasMatch)) {
    throw ArgumentError('the SMS provider key belongs on the server');
  }
}

/// A field name is a token, a value has no control characters (RFC 9110, sections 5.1 and 5.5).
final _headerName = RegExp(r"^[\w!#$%&'*+.^`|~-]+$");
final _headerValue = RegExp(r'^[\t -~\x80-\xff]*$');

/// The app's headers in lower case, so that ours replace them; an ArgumentError for what no request can carry.
Map<String, String> ownHeaders(Map<String, String?> headers) {
  final own = <String, String>{};
  headers.forEach((name, value) {
    final key = name.toLowerCase();
    if (value == null || value == '') return;
    if (!_headerName.hasMatch(key) || !_headerValue.hasMatch(value)) throw ArgumentError('not a header: $key');
    own[key] = value;
  });
  return own;
}

/// This machine, an emulator's way to it, and the private networks (RFC 1918), where a real phone finds a laptop.
final _plainHttp = RegExp(
    r'^http:\/\/(localhost|\[::1\]|(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+)(:\d+)?(\/|$)');

/// The base without its trailing slash, or an ArgumentError that says what is wrong with it.
String checkedBaseUrl(String baseUrl) {
  refuseKeys([baseUrl]);
  if (!RegExp(r'^https:\/\/\S+$').hasMatch(baseUrl) && !_plainHttp.hasMatch(baseUrl)) {
    throw ArgumentError('baseUrl must start with https://, or be a local address');
  }
  return baseUrl.replaceAll(RegExp(r'\/+$'), '');
}
