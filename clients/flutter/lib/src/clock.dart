/// The client's clock. A stopwatch stops while a phone sleeps, and anybody may set the time of day, so the client trusts
/// neither alone. The stopwatch counts. If the time of day ran ahead of it, the difference is how long the phone slept. A
/// time of day that is set back changes nothing. The server decides in any case.
class DoorcodeClock {
  DoorcodeClock({int Function()? monotonicMs, int Function()? timeOfDayMs})
      : _monotonicMs = monotonicMs ?? _stopwatchMs,
        _timeOfDayMs = timeOfDayMs ?? _systemMs;

  final int Function() _monotonicMs;
  final int Function() _timeOfDayMs;
  int _countedMs = 0;
  int _sleptMs = 0;
  int? _aheadMs;

  /// Smaller differences are drift, or a clock that is being corrected.
  static const _driftMs = 10000;

  static final Stopwatch _stopwatch = Stopwatch()..start();
  static int _stopwatchMs() => _stopwatch.elapsedMilliseconds;
  static int _systemMs() => DateTime.now().millisecondsSinceEpoch;

  /// The time of day in milliseconds, for what must be dated over a restart.
  int get wallMs => _timeOfDayMs();

  /// Milliseconds on a scale that only goes forward.
  int now() {
    final counted = _monotonicMs();
    if (counted > _countedMs) _countedMs = counted;
    final ahead = wallMs - _countedMs;
    final before = _aheadMs ?? ahead;
    if (ahead > before + _driftMs) _sleptMs += ahead - before;
    _aheadMs = (ahead - before).abs() > _driftMs ? ahead : before;
    return _countedMs + _sleptMs;
  }
}
