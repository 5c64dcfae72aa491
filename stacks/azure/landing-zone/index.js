// The CLI runs only what lies in the project's own folder; the program is compiled into dist, by npm ci or npm run build.
const { join } = require('node:path');

module.exports = require(join(__dirname, '..', '..', '..', 'dist', 'stacks', 'azure', 'landing-zone-app.js'));
