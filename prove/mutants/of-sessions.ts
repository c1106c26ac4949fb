/** The mistakes with sessions that would sign honest phones out, let a thief stay, or tell what nobody may know. */
import type { Mutant } from './mutant.ts';

const refresh = 'test/sessions/refresh-session.test.ts';
const start = 'test/sessions/start-session.test.ts';
const end = 'test/sessions/end-sessions.test.ts';
const token = 'test/sessions/refresh-token.test.ts';

/** All of them. */
export const ofSessions: readonly Mutant[] = [
  {
    name: 'every attempt has the grace of 30 s',
    changes: [
      {
        file: 'functions/sessions/refresh-session.ts',
        from: 'if (ahead === 1 && isSameAttempt && (attempt !== noAttempt || ageSeconds <= plainRepeatSeconds)) {',
        to: 'if (ahead === 1 && (isSameAttempt || ageSeconds <= plainRepeatSeconds)) {',
      },
    ],
    tests: [refresh],
  },
  {
    name: 'a reused session ends only as it was seen',
    changes: [
      {
        file: 'functions/sessions/refresh-session.ts',
        from: "only: { tag: 'above', id, generation }",
        to: "only: { tag: 'at', id, generation: session.generation }",
      },
    ],
    tests: [refresh],
  },
  {
    name: 'a sign-in answered again begins an ended session anew',
    changes: [
      {
        file: 'functions/table/sessions-item.ts',
        from: "conditions: ['attribute_not_exists(#s0)', '(attribute_not_exists(endedAt) OR endedAt <= :begunAt)'],",
        to: "conditions: ['attribute_not_exists(#s0)', ':begunAt > :ttlBefore'],",
      },
      {
        file: 'functions/table/sessions-item.ts',
        from: "values: { ':map': { M: map }, ':begunAt': begunAt, ...ttl },",
        to: "values: { ':map': { M: map }, ':begunAt': begunAt, ':ttlBefore': 0, ...ttl },",
      },
    ],
    tests: [start],
  },
  {
    name: 'a sign-in answered again gets the token of any generation',
    changes: [
      {
        file: 'functions/sessions/start-session.ts',
        from: "    if (own.generation !== 0) return { tag: 'not-started', reason: 'moved-on' };\n",
        to: '',
      },
      {
        file: 'functions/sessions/start-session.ts',
        from: 'grantOf(ports, { name, lane, phoneNumber, generation: 0 }, own)',
        to: 'grantOf(ports, { name, lane, phoneNumber, generation: own.generation }, own)',
      },
    ],
    tests: [start],
  },
  {
    name: "a test number's refreshed token does not say so",
    changes: [
      { file: 'functions/sessions/session-grant.ts', from: "isTest: lane === 'test',", to: 'isTest: false,' },
    ],
    tests: [refresh],
  },
  {
    name: 'the access token has the name of its session',
    changes: [
      { file: 'functions/sessions/session-grant.ts', from: 'sessionId: id,', to: 'sessionId: name,' },
    ],
    tests: [start, refresh],
  },
  {
    name: 'one name seals another plaintext after a refresh',
    changes: [
      {
        file: 'functions/sessions/refresh-token.ts',
        from: 'sealNumber(keys.sessionSeal, { name, lane, needsSession: false, phoneNumber })',
        to: 'sealNumber(keys.sessionSeal, { name, lane, needsSession: generation > 0, phoneNumber })',
      },
    ],
    tests: [token],
  },
  {
    name: 'a refresh token is not authenticated',
    changes: [
      {
        file: 'functions/sessions/refresh-token.ts',
        from: "if (!isAuthentic) return { tag: 'forged' };",
        to: "if (!isAuthentic && versions.length > 2) return { tag: 'forged' };",
      },
    ],
    tests: [token],
  },
  {
    name: 'a worker that knows an old secret calls a newer token invalid',
    changes: [
      {
        file: 'functions/sessions/session-grant.ts',
        from: "if (verdict.tag === 'unknown-key' && !(secretAgeSeconds <= knowledgeSeconds)) {",
        to: "if (verdict.tag === 'unknown-key' && secretAgeSeconds < -knowledgeSeconds) {",
      },
    ],
    tests: [end],
  },
  {
    name: 'the client takes its record from memory',
    changes: [
      {
        file: 'clients/typescript/src/session-keeper.ts',
        from: '  const look = async (): Promise<SessionRecord | typeof signedOut | typeof unknown> => {\n',
        to: '  let cached: string | null | undefined;\n  const look = async (): Promise<SessionRecord | typeof signedOut | typeof unknown> => {\n',
      },
      {
        file: 'clients/typescript/src/session-keeper.ts',
        from: "const value = unsaved === undefined ? await read('session') : null;",
        to: "const value = unsaved === undefined ? (cached ??= await read('session')) : null;",
      },
    ],
    tests: ['test/clients/typescript/session.test.ts'],
  },
  {
    name: 'an older generation lists the sessions',
    changes: [
      {
        file: 'functions/sessions/list-sessions.ts',
        from: 'return session.generation === own.token.generation ? undefined',
        to: 'return session.generation >= own.token.generation ? undefined',
      },
    ],
    tests: [end],
  },
  {
    name: 'a sign-out is confirmed although the table did not answer',
    changes: [
      {
        file: 'functions/sessions/revoke-session.ts',
        from: "return { tag: 'temporarily-unavailable', reason: 'damaged', phoneNumber };",
        to: "return { tag: 'nothing-to-revoke', phoneNumber };",
      },
      {
        file: 'functions/sessions/revoke-session.ts',
        from: "const ended = await ports.store.end({ phoneKey, ids: [id], endedAt, now, only: { tag: 'there', id } });",
        to: "const ended = await ports.store.end({ phoneKey, ids: [id], endedAt, now, only: { tag: 'there', id } }).catch(() => ({ tag: 'refused' as const, record: { sessions: [], damaged: [], endedAt: 0 } }));",
      },
    ],
    tests: [end],
  },
];
