// Runs on any Node, old ones too, and says in one line what to do where ours is too old.
var parts = process.versions.node.split('.').map(Number);
if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 18)) {
  console.error(
    'Doorcode needs Node 22.18 or newer, and this is ' +
      process.versions.node +
      '. ' +
      'Run "npm ci" (on Linux x64 it brings Node 24 along), or install Node 24, and start again with "npm start".',
  );
  process.exit(1);
}
