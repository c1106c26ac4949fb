/** The mistakes that would cost money or let somebody in. Each must be caught. It is long because it is a list. */
import type { Change, Mutant } from './mutant.ts';

const mutant = (name: string, changes: Change | readonly Change[], ...tests: readonly string[]): Mutant => ({
  name,
  changes: 'file' in changes ? [changes] : changes,
  tests,
});
const inFile =
  (file: string) =>
  (from: string, to: string): Change => ({ file: `functions/${file}`, from, to });

const slidingWindow = inFile('limits/sliding-window.ts');
const sends = inFile('table/send-updates.ts');
const tries = inFile('table/attempt-updates.ts');
const devices = inFile('table/device-updates.ts');
const verify = inFile('otp/verify-otp.ts');
const attempts = inFile('otp/attempts.ts');
const ownChallenges = inFile('otp/own-challenges.ts');
const awsClient = inFile('runtime/aws-client.ts');
const code = inFile('otp/code.ts');
const answers = inFile('otp/request-otp-answers.ts');
const seal = inFile('otp/seal.ts');
const counters = inFile('table/counters.ts');
const cachedValue = inFile('runtime/cached-value.ts');
const provider = inFile('provider/startmessaging.ts');
const token = inFile('tokens/access-token.ts');
const keySet = inFile('tokens/signing-key-set.ts');
const gateway = inFile('http/gateway-request.ts');
const breaker = inFile('provider/breaker.ts');
const mark = inFile('table/provider-mark.ts');

const flow = [
  'test/flow/request-otp.test.ts',
  'test/flow/verify-otp.test.ts',
  'test/flow/lost-replies.test.ts',
];

/** All of them. */
export const byHand: readonly Mutant[] = [
  mutant(
    'a limit admits one event more',
    slidingWindow('${name}${count - 1} <= :', '${name}${count} <= :'),
    'test/limits/sliding-window.test.ts',
    ...flow,
  ),
  mutant(
    'a limit opens a second too late',
    slidingWindow('<= :${name}Since', '< :${name}Since'),
    'test/limits/sliding-window.test.ts',
    ...flow,
  ),
  mutant(
    'a limit looks at no window',
    slidingWindow('Since${i}`, now - windowSeconds]', 'Since${i}`, now]'),
    'test/limits/sliding-window.test.ts',
    ...flow,
  ),
  mutant(
    'a code is counted for after its last second',
    tries('newId = :challengeId AND newExpires > :now', 'newId = :challengeId'),
    ...flow,
  ),
  mutant(
    'a code wins after its last second',
    tries('newHash = :hash AND newExpires > :now', 'newHash = :hash'),
    ...flow,
  ),
  mutant(
    'a code that won stays stored',
    tries(
      "remove: [...slotNames('new'), 'newAfter', ...slotNames('old'), ...(changed?.remove ?? [])]",
      'remove: [...(changed?.remove ?? [])]',
    ),
    ...flow,
  ),
  mutant(
    'a win leaves the code of the resend alive',
    tries("'newAfter', ...slotNames('old'), ...(changed", "'newAfter', ...(changed"),
    ...flow,
  ),
  mutant(
    'a request resets the attempts',
    sends(
      '...newSend.clauses,',
      '...newSend.clauses, ...Array.from({ length: 20 }, (_, i) => `tried${i} = :never`),',
    ),
    ...flow,
  ),
  mutant(
    'the same intention is sent a second SMS',
    sends("...(asked === none ? [] : notAsked(':newAsked')),", '...(notAsked.length > 1 ? [asked] : []),'),
    ...flow,
  ),
  mutant(
    'the same intention is sent a second SMS in another lane',
    sends('OR NOT begins_with(', 'OR attribute_exists(${name}) OR NOT begins_with('),
    'test/flow/asked-again.test.ts',
  ),
  mutant(
    'a challenge is sealed with the session need of the settings',
    answers(
      'requestIdOf(identity.seal, challenge, phoneNumber)',
      'requestIdOf(identity.seal, { ...challenge, needsSession: settings.session !== undefined }, phoneNumber)',
    ),
    'test/flow/sealed-once.test.ts',
  ),
  mutant(
    "the provider's own limit costs nobody a send",
    sends("keeps === 'send' ?", "keeps !== 'send' && keeps !== 'nothing' ?"),
    ...flow,
  ),
  mutant(
    'a guess whose count was refused is compared all the same',
    verify('if (isCounted && own', 'if (own'),
    ...flow,
  ),
  mutant(
    'a token is signed for a consume that was refused',
    verify("if (consumed.tag === 'written')", 'if (consumed.tag)'),
    ...flow,
    'test/prove/interleavings.test.ts',
  ),
  mutant(
    'a retried count that finds the code used by the same intention is told that it has expired',
    verify(
      'if (earlier !== undefined) return earlier;',
      'if (earlier !== undefined && !isCounted) return earlier;',
    ),
    'test/flow/lost-replies.test.ts',
  ),
  mutant('a lost answer is given again for ever', verify('ageSeconds <= replaySeconds && ', ''), ...flow),
  mutant('a code of one purpose wins for another', ownChallenges('purpose === own.purpose && ', ''), ...flow),
  mutant(
    "a stranger's request takes the user's code",
    ownChallenges(' && latest.after === earlier.id', ''),
    ...flow,
  ),
  mutant(
    'every code is the right one',
    code('left.length === right.length && timingSafeEqual(left, right)', 'left.length === right.length'),
    'test/otp/code.test.ts',
    ...flow,
  ),
  mutant(
    'the hash of a code is not bound to its purpose',
    code('challengeId, purpose, code', 'challengeId, code'),
    'test/otp/code.test.ts',
    ...flow,
  ),
  mutant(
    'an altered requestId opens',
    seal('timingSafeEqual(keyedHashBytes(mac, [name, plaintext]), tag) ?', 'tag.length > 0 ?'),
    'test/otp/request-id.test.ts',
    ...flow,
  ),
  mutant('an address asks once more than it may', counters('sends < :ceiling', 'sends <= :ceiling'), ...flow),
  mutant(
    'a header says who the client is',
    gateway(
      'sourceIp: requestContext.http.sourceIp',
      "sourceIp: headers['x-forwarded-for'] ?? requestContext.http.sourceIp",
    ),
    'test/stack/bad-input.test.ts',
  ),
  mutant(
    'a secret is kept for ever',
    cachedValue('if (!isUnknown && seconds <= ages.freshSeconds)', 'if (!isUnknown && seconds >= 0)'),
    'test/secrets/cached-secret.test.ts',
  ),
  mutant(
    'a send whose answer was lost is sent again',
    provider("first.tag === 'unreachable' &&", "first.tag !== 'answered' &&"),
    'test/provider/startmessaging.test.ts',
  ),
  mutant(
    'the log of a bad request has its body',
    inFile('http/json-endpoint.ts')(
      'report({ code: codes.invalid, requestId: request.id, status });',
      'report({ code: codes.invalid, requestId: request.id, status, reason: request.body.toString() });',
    ),
    'test/prove/leaks.test.ts',
  ),
  mutant(
    'a body may have members that nobody knows',
    inFile('http/request-otp-endpoint.ts')('const members = v.strictObject({', 'const members = v.object({'),
    'test/http/json-body.test.ts',
  ),
  mutant(
    'limits may let every code be guessed',
    inFile('settings/settings-rules.ts')(
      'guessesPerDay(s.attemptLimits) <= maxGuessesPerDay',
      'guessesPerDay(s.attemptLimits) > 0',
    ),
    'test/settings/settings.test.ts',
  ),
  mutant(
    'of a member that is there twice the last one counts',
    inFile('runtime/json-faults.ts')(
      "if (inner.names.has(name)) yield { isTwice: true, path: path(), detail: 'expected once' };",
      '',
    ),
    'test/http/json-body.test.ts',
  ),
  mutant(
    'a number of a context stands for its neighbours, too',
    inFile('runtime/json-faults.ts')(
      "} else if (token !== ':' && !isExact(token)) {",
      "} else if (token === '') {",
    ),
    'test/http/json-body.test.ts',
  ),
  mutant(
    'a member that JavaScript’s objects know is dropped',
    [
      inFile('settings/exact-record.ts')('if (Object.hasOwn(kept, name)) continue;', 'continue;'),
      inFile('otp/caller.ts')('/^(?!(?:constructor|prototype)$)[A-Za-z]', '/^[A-Za-z]'),
    ],
    'test/http/json-body.test.ts',
  ),
  mutant(
    'a number may have something before it',
    inFile('otp/phone-number.ts')('`^\\\\+91', '`\\\\+91'),
    'test/otp/phone-number.test.ts',
  ),
  mutant(
    'every token is good for signing in',
    token('scope: purpose,', "scope: 'sign-in',"),
    'test/tokens/access-token.test.ts',
  ),
  mutant(
    'a test number works past the day of the deployment',
    inFile('otp/controls.ts')('Math.min(endOfDay(until), endOfDay(testNumbersUntil))', 'endOfDay(until)'),
    'test/otp/controls.test.ts',
  ),
  mutant(
    'a test number works past its own day',
    inFile('otp/controls.ts')(
      'Math.min(endOfDay(until), endOfDay(testNumbersUntil))',
      'endOfDay(testNumbersUntil)',
    ),
    'test/otp/controls.test.ts',
  ),
  mutant(
    'a test number works where the deployment takes none',
    inFile('otp/controls.ts')(
      'testNumbersUntil === undefined ? 0 : ',
      'testNumbersUntil === undefined ? endOfDay(until) : ',
    ),
    'test/otp/controls.test.ts',
  ),
  mutant(
    'the token of a test number is for whoever has the number',
    token('sub: isTest ? testSubjectOf(identity, phoneNumber) : ', 'sub: '),
    'test/tokens/access-token.test.ts',
  ),
  mutant(
    'a worker takes a test code that anybody would guess',
    inFile('otp/controls.ts')('    return because === undefined;', '    return true;'),
    'test/otp/controls.test.ts',
  ),
  mutant(
    'a refused key does not stop a worker',
    breaker("case 'key':\n        case 'account':", "case 'account':"),
    'test/provider/breaker.test.ts',
  ),
  mutant(
    'every worker probes by itself',
    breaker('else if (isTaken) turn', 'else if (isTaken || true) turn'),
    'test/provider/breaker.test.ts',
  ),
  mutant(
    'two workers take one turn',
    mark('probedAt <= :since', 'probedAt <= :now'),
    'test/table/provider-mark.test.ts',
  ),
  mutant(
    'a byte order mark is another spelling of a token',
    inFile('runtime/utf8.ts')('ignoreBOM: true', 'ignoreBOM: false'),
    'test/foreign-tokens/foreign-token.test.ts',
  ),
  mutant(
    'a key put together from two signs',
    token("if (!isPair) throw new TypeError('expected both halves of one key');", ''),
    'test/secrets/signers.test.ts',
  ),
  mutant(
    'a key is kept by the lifetime of today alone',
    keySet('Math.max(key.longestTokenSeconds ?? 0, longestTokenSeconds)', 'longestTokenSeconds'),
    'test/tokens/signing-key-set.test.ts',
  ),
  mutant(
    'a client is told more than the setting',
    inFile('limits/told-seconds.ts')('seconds <= atMostSeconds ?', 'true ?'),
    'test/limits/told-seconds.test.ts',
  ),
  mutant(
    'a landline is taken for a mobile',
    inFile('otp/mobile-starts.ts')("'80([01589]", "'80([0-9]"),
    'test/numbering-plan/pattern.test.ts',
  ),
  mutant('a token is for nobody', token('aud: settings.audience,', ''), 'test/tokens/access-token.test.ts'),
  mutant(
    'a new key signs before anybody has seen it',
    keySet('times.now : times.now + jwksCacheSeconds', 'times.now : times.now'),
    'test/tokens/signing-key-set.test.ts',
  ),
  mutant(
    'a device that was forgotten is still served',
    sends('...(deviceHash === undefined ? [] : isKnownDevice),', ''),
    'test/flow/returning-device.test.ts',
  ),
  mutant(
    'a third code pushes one out that lives',
    sends("oldExpires <= :now)'] : []", "oldExpires <= :now OR newId <> :newId)'] : []"),
    'test/flow/settings-changes.test.ts',
  ),
  mutant(
    'a code without a session is honoured where one is needed by now',
    inFile('otp/honoured.ts')(
      'needsSession(settings, purpose) && !isBound',
      'needsSession(settings, purpose) && isBound',
    ),
    'test/flow/settings-changes.test.ts',
  ),
  mutant(
    'the guess breaker counts all guesses of an address in one window',
    inFile('table/guess-breaker.ts')(
      'if ((await tried(countAddress(now)))?.tag',
      'if ((await tried(countAddress(0)))?.tag',
    ),
    'test/flow/guess-breaker.test.ts',
  ),
  mutant(
    'a forgotten device comes back with larger settings',
    devices(
      'remove: forgottenNames(policy),\n    conditions: [\n      ...names',
      'conditions: [\n      ...names',
    ),
    'test/flow/forgotten-devices.test.ts',
  ),
  mutant(
    "a success gives back a stranger's guesses",
    attempts('({ tag }) => !tags.includes(tag)', '() => tags.length === 0'),
    'test/flow/owner-and-guesser.test.ts',
  ),
  mutant(
    'a success overwrites a guess that was counted meanwhile',
    tries("conditions: ['attemptBy = :seenBy'],", "conditions: [':seenBy = :seenBy'],"),
    'test/flow/owner-and-guesser.test.ts',
  ),
  mutant(
    'the second try of a write hangs on what other calls have spent',
    awsClient('retryStrategy: triesOfEachCall(maxAttempts, dropIdle),', ''),
    'test/runtime/aws-client.test.ts',
  ),
  mutant(
    'strangers may use up the whole budget',
    inFile('limits/budget.ts')('public: settings.strangersBudgetPercent', 'public: 100'),
    'test/flow/returning-device.test.ts',
  ),
  mutant(
    'a code that is bound to a session wins without one',
    verify('ports.admit({ needsSession })', 'ports.admit({ needsSession: false })'),
    'test/stack/session.test.ts',
  ),
  mutant(
    'a session of another app is taken',
    inFile('foreign-tokens/foreign-token.ts')('    audience: issuer.audience,', ''),
    'test/foreign-tokens/foreign-token.test.ts',
  ),
  mutant(
    'a foreign token may be signed with a secret that everybody knows',
    [
      inFile('foreign-tokens/foreign-token.ts')(
        "if (alg === undefined) return { tag: 'refused', reason: 'algorithm' };",
        "if (header['alg'] === 'HS256' || header['alg'] === 'none') throw new Error('taken');",
      ),
      inFile('foreign-tokens/foreign-token.ts')(
        ".catch(() => invalid('not verifiable')),",
        ".catch(() => ({ tag: 'valid' as const, subject: 'anybody' })),",
      ),
    ],
    'test/foreign-tokens/foreign-token.test.ts',
  ),
  mutant(
    'everybody may update a secret that its rotation alone writes',
    {
      file: 'lib/secret-guards.ts',
      from: "writers === 'people' ? removals : [update, ...removals]",
      to: 'removals',
    },
    'test/lib/secret-guards.test.ts',
    'test/stack/secrets-as-deployed.test.ts',
  ),
  mutant(
    'a release may change a secret',
    {
      file: 'lib/released-secrets.ts',
      from: 'if (isDeepStrictEqual(present.get(idHere), released)) return [];',
      to: 'if (present.has(idHere)) return [];',
    },
    'test/lib/released-secrets.test.ts',
  ),
  mutant(
    'a tag of the stack reaches its secrets',
    { file: 'lib/secrets.ts', from: "  secret.addPropertyDeletionOverride('Tags');\n", to: '' },
    'test/lib/secrets.test.ts',
  ),
  mutant(
    'what a deployment leaves in the SMS secret is no empty one',
    {
      file: 'functions/secrets/secret-readers.ts',
      from: "  if (value === noProviderKey) throw new Unavailable(name, 'empty');\n",
      to: '',
    },
    'test/stack/secrets-as-deployed.test.ts',
  ),
  mutant(
    'a deployment fails when the provider refuses the key in use',
    {
      file: 'functions/rotation/provider-key-rotation.ts',
      from: 'if (key !== current) await tried',
      to: 'await tried',
    },
    'test/rotation/provider-key-rotation.test.ts',
  ),
  mutant(
    'an SMS that nobody types in counts nothing',
    {
      file: 'functions/runtime/metric-groups.ts',
      from: "...(code === 'request-otp.sent' ? [[typedIn, 0] as const] : []),",
      to: '',
    },
    'test/runtime/metric-groups.test.ts',
  ),
];
