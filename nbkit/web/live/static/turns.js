
// JupyterLite's answers to a kernel do not say which question they answer: a second kernel of the page would take them
// for its own, and end. So each page is asked one question at a time.
const latest = new Map(); // by page
const askPage = broadcastOne;
broadcastOne = async (request, url) => {
  const { browsingContextId } = await request.clone().json();
  const answer = Promise.resolve(latest.get(browsingContextId)).then(() => askPage(request, url));
  latest.set(browsingContextId, answer.catch(() => {}));
  return answer;
};
