// Replaces the web application's own configuration: who is signed out goes to our sign-in, not to Camunda's.
export default {
  customScripts: ['../tasklist/scripts/sign-in']
};
