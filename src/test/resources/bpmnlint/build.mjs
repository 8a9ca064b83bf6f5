// Bundles lint.js and everything it needs into bpmnlint.cjs, and writes the licences of what went in.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const names = [...Object.keys(require('bpmnlint/config/recommended').rules), 'conditional-event'];

// bpmnlint finds rules by package and name; in a bundle they must be named one by one.
const rules = {
  name: 'rules',
  setup(build) {
    build.onResolve({ filter: /^virtual:rules$/ }, () => ({ path: 'rules', namespace: 'virtual' }));
    build.onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({
      resolveDir: import.meta.dirname,
      contents: `module.exports = {
        ${names.map((name) => `'rule:bpmnlint/${name}': require('bpmnlint/rules/${name}'),`).join('\n')}
        'rule:bpmnlint-plugin-camunda-compat/history-time-to-live':
          require('bpmnlint-plugin-camunda-compat/rules/camunda-platform/history-time-to-live')
      };`
    }));
  }
};

const { metafile } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['lint.js'],
  outfile: 'bpmnlint.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  metafile: true,
  plugins: [rules]
});

const packages = [...new Set(Object.keys(metafile.inputs)
  .map((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
  .filter(Boolean))].sort();
writeFileSync(new URL('LICENSES.txt', import.meta.url), packages
  .map((name) => {
    const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
    return `${name} ${version}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`;
  })
  .join(`\n${'-'.repeat(80)}\n\n`));
