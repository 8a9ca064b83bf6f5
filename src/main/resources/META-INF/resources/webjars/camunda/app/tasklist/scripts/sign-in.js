// Camunda's web applications show a sign-in of their own at #/login (Welcome: #!/login). There is one sign-in for all: ours.
const leave = () => {
  if (/^#!?\/login/.test(location.hash)) {
    location.replace('/login');
  }
};

addEventListener('hashchange', leave);
leave();

export default [];
