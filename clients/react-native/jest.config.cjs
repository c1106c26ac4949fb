/** The screens under React Native itself, with its own mocks of the native side. `npm run client-tests` runs it. */
module.exports = {
  preset: '@react-native/jest-preset',
  testMatch: ['<rootDir>/test/**/*.test.tsx'],
  roots: ['<rootDir>', '<rootDir>/../typescript/src'],
  moduleNameMapper: {
    '^doorcode-client$': '<rootDir>/../typescript/src/index.ts',
    '^doorcode-react-native$': '<rootDir>/src/index.ts',
    '^@babel/runtime/(.*)$': '<rootDir>/node_modules/@babel/runtime/$1',
  },
  watchman: false,
  // The first state loads React Native itself, which takes seconds on a busy machine.
  testTimeout: 120_000,
};
