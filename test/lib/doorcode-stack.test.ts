import { describe, expect, it } from 'vitest';
import { doorcodeTemplate } from './doorcode-template.ts';

const template = doorcodeTemplate();

describe('the stack', () => {
  it('names no resource physically: two of it fit in one account, and a replacement never collides', () => {
    const resources = Object.values<{ Type: string; Properties: Readonly<Record<string, unknown>> }>(
      template.toJSON()['Resources'],
    );
    const named = resources.flatMap(({ Type, Properties }) =>
      Object.entries(Properties)
        .filter(([key, value]) => /(?<!Metric)Name$/.test(key) && typeof value === 'string')
        .map(([key, value]) => `${Type} ${key} ${value}`),
    );
    // Neither is an identity: two APIs may share a name, and every API has its own default stage.
    expect(named).toEqual([
      'AWS::ApiGatewayV2::Api Name Doorcode',
      'AWS::ApiGatewayV2::Stage StageName $default',
    ]);
  });

  it('puts out where the API and the dashboard are, who issues the tokens, and how to store the SMS key', () => {
    expect(Object.keys(template.toJSON()['Outputs'])).toEqual([
      'ApiUrl',
      'Issuer',
      'StoreSmsKey',
      'StoreCandidate',
      'PromoteCandidate',
      'TestNumbersUntil',
      'DashboardUrl',
    ]);
  });

  it('stores the SMS key by a command that never shows it', () => {
    template.hasOutput('StoreSmsKey', {
      Value: {
        'Fn::Join': [
          '',
          [
            'read -rs KEY && printf %s "$KEY" | aws secretsmanager put-secret-value --region ap-south-1 --secret-id ',
            { Ref: 'SmsSecret' },
            ' --secret-string file:///dev/stdin; unset KEY',
          ],
        ],
      },
    });
  });

  it('stores a later key under a label of its own, so that it is tried before it is used', () => {
    const [[, parts]] = Object.values(template.findOutputs('StoreCandidate')).map(
      ({ Value }) => Value['Fn::Join'],
    );
    expect(parts[2]).toBe(' --secret-string file:///dev/stdin --version-stages CANDIDATE; unset KEY');
  });
});
