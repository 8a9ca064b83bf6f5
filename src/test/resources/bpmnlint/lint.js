// Lints the BPMN files named on the command line and prints one JSON array of findings.
import { readFileSync } from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';
import { Linter } from 'bpmnlint';
import StaticResolver from 'bpmnlint/lib/resolver/static-resolver';
import recommended from 'bpmnlint/config/recommended';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import rules from 'virtual:rules';

const config = {
  rules: {
    ...recommended.rules,
    'conditional-event': 'error',
    // "info" in the plugin's own configuration, but a model without it cannot be deployed.
    'camunda-compat/history-time-to-live': ['error', { platform: 'camunda-platform', version: '7.24' }]
  }
};

const linter = new Linter({ config, resolver: new StaticResolver(rules) });
const moddle = new BpmnModdle({ camunda });

async function lint(file) {
  const finding = (rule, category, id, message) => ({ file, rule, category, id: id ?? null, message });
  try {
    const { rootElement, warnings } = await moddle.fromXML(readFileSync(file, 'utf8'));
    const reports = Object.entries(await linter.lint(rootElement)).flatMap(([rule, all]) =>
      all.map((report) => finding(rule, report.category, report.id, report.message)));
    return [...warnings.map((warning) => finding('parse', 'error', null, warning.message)), ...reports];
  } catch (error) {
    return [finding('parse', 'error', null, error.message)];
  }
}

Promise.all(process.argv.slice(2).map(lint)).then((findings) =>
  process.stdout.write(JSON.stringify(findings.flat(), null, 2)));
