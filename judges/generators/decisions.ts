/** What the generated clients do otherwise, and stays: the generator does it whatever a true document says. */

interface Decided {
  readonly finding: RegExp;
  readonly said: string;
  readonly reason: string;
}

export const decided: readonly Decided[] = [
  {
    finding: /^kotlin: (EndWish|ContextValue|CodeRefused) holds Any$/,
    said: 'Kotlin holds the value of a union as Any',
    reason:
      'Of what the generator has for Kotlin only this compiles and sends a context and ids; it refuses a value of another type when it writes it',
  },
  {
    finding: /^dart: code_refused\.dart: urnColonDoorcodeColonExpiredCode is no name$/,
    said: 'Dart has urnColonDoorcodeColonExpiredCode in an enumeration that it makes of both kinds of a refused code',
    reason: 'Nothing uses it: each kind has its own, with our name',
  },
  {
    finding: /^java, ended by id: 0 IllegalStateException /,
    said: 'Java cannot end sessions by their ids',
    reason:
      'The generated writer takes the list for a primitive, whatever the union is called and in whatever order it stands; `"others"` and `"all"` work',
  },
];
