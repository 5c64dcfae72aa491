// The CLI runs only what lies in the project's own folder; the program is compiled into dist, by npm ci or npm run build.
module.exports = require('../../../dist/stacks/azure/landing-zone-app.js');
