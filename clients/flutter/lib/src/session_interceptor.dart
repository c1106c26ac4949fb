import 'package:dio/dio.dart';

import 'options.dart';
import 'session.dart';
import 'session_access.dart';

/// For the `Dio` of your own APIs: puts the access token on each call, and repeats a call once after a 401 if a refresh
/// brings another token. A 401 for a fresh token is the API's own and is handed on. The token goes to the addresses in
/// `apis`, such as `https://api.example.com`, and nowhere else.
///
///     dio.interceptors.add(SessionInterceptor(session, apis: ['https://api.example.com'], dio: dio));
class SessionInterceptor extends Interceptor {
  SessionInterceptor(this._session, {required List<String> apis, required Dio dio})
      : _apis = apis.map((api) => '${checkedBaseUrl(api)}/').toList(),
        _dio = dio;

  final Session _session;
  final List<String> _apis;
  final Dio _dio;

  static const _used = 'doorcode-token';
  static const _isAgain = 'doorcode-again';

  @override
  Future<void> onRequest(RequestOptions options, RequestInterceptorHandler handler) async {
    final url = '${options.uri}/';
    if (!_apis.any(url.startsWith)) return handler.next(options);
    final access = await _session.access();
    if (access is HasToken) {
      options.headers['Authorization'] = 'Bearer ${access.accessToken}';
      options.extra[_used] = access.accessToken;
      return handler.next(options);
    }
    // Once signed out, the call goes without a token. While nobody knows, it fails as for a network that fails.
    if (access is NoSession) return handler.next(options);
    return handler.reject(
        DioException.connectionError(requestOptions: options, reason: access.tag, error: access));
  }

  @override
  Future<void> onResponse(Response<Object?> response, ResponseInterceptorHandler handler) async {
    final again = await _again(response);
    handler.next(again ?? response);
  }

  @override
  Future<void> onError(DioException err, ErrorInterceptorHandler handler) async {
    final response = err.response;
    if (response == null) return handler.next(err);
    try {
      final again = await _again(response);
      return again == null ? handler.next(err) : handler.resolve(again);
    } on DioException catch (error) {
      return handler.next(error);
    }
  }

  /// The answer to the repeated call; null where it is not repeated.
  Future<Response<Object?>?> _again(Response<Object?> response) async {
    final request = response.requestOptions;
    final used = request.extra[_used];
    final data = request.data;
    // A stream or a form is gone once it was sent.
    final isGone = data is Stream<Object?> || data is FormData;
    if (response.statusCode != 401 || used is! String || request.extra[_isAgain] == true || isGone) return null;
    final access = await _session.access(used);
    if (access is! HasToken || access.accessToken == used) return null;
    request.extra[_isAgain] = true;
    return _dio.fetch<Object?>(request);
  }
}
