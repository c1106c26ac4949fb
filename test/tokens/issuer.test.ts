import { describe, expect, it } from 'vitest';
import { parseIssuer } from '../../functions/tokens/issuer.ts';

describe('an issuer', () => {
  it.each([
    'https://abc123.execute-api.ap-south-1.amazonaws.com',
    'https://auth.example.com',
    'http://127.0.0.1:4010',
  ])('may be %s', (issuer) => {
    expect(parseIssuer(issuer)).toBe(issuer);
  });

  it.each([
    '',
    'auth.example.com',
    'https://auth.example.com/',
    'https://auth.example.com/stage',
    'https://auth.example.com?x=1',
    'https://auth.example.com#x',
    'https://Auth.example.com',
    'https://auth.example.com:443',
    'https://user@auth.example.com',
    'http://auth.example.com',
    'http://localhost:4010',
    ' https://auth.example.com',
  ])('may not be %j', (issuer) => {
    expect(() => parseIssuer(issuer)).toThrow(TypeError);
  });
});
