/**
 * Loads a handler from the files of a deployment, in the order in which Lambda's runtime looks for them: without a
 * suffix, `.js`, `.mjs`, `.cjs`. An `index.js` beside an `index.mjs` would win, unless a package.json beside it says
 * that it is an ES module. What an ES module awaits at its top is awaited here.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js
 */
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const isEsModules = (directory) => {
  const file = join(directory, 'package.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).type === 'module';
};

/** Gives the handler that `handlerName`, such as `index.handler`, names in `directory`. */
exports.loadHandler = async (directory, handlerName) => {
  const [file, name] = handlerName.split('.');
  const js = isEsModules(directory) ? (path) => import(pathToFileURL(path)) : require;
  const loaders = [
    ['', require],
    ['.js', js],
    ['.mjs', (path) => import(pathToFileURL(path))],
    ['.cjs', require],
  ];
  for (const [suffix, load] of loaders) {
    const path = join(directory, `${file}${suffix}`);
    if (existsSync(path)) return (await load(path))[name];
  }
  throw new Error(`no ${file} in ${directory}`);
};
