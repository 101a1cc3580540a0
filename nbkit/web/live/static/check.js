// Stands first in the page and is written for old browsers too: says what this one lacks, before anything large is asked for.
// `window.nbkitLive.allowed` lets JupyterLab be loaded.
(function () {
  var facts = JSON.parse(document.getElementById("nbkit-live-facts").textContent);
  var place = "nbkit-live " + location.pathname.replace(/[^\/]*\/[^\/]*$/, ""); // of what this browser remembers of the site
  var language = languageOf(pathToOpen());
  var words = language.words;
  var go;
  var never = { then: function () {} };
  var live = window.nbkitLive = { facts: facts, language: language, place: place, saves: true, allowed: never };
  var able = typeof WebAssembly === "object" && typeof BigInt64Array === "function" && typeof Promise === "function" &&
    "noModule" in HTMLScriptElement.prototype;
  whenParsed(sayInItsLanguage);
  if (!able) return whenParsed(function () { tell(words.old); });
  live.allowed = new Promise(function (resolve) { go = resolve; });
  settle();
  store(function (saves) {
    if (saves) return whenParsed(go);
    whenParsed(function () {
      tell(words.unsaved);
      var on = document.createElement("button");
      on.id = "nbkit-live-unsaved";
      on.textContent = words.go_on;
      on.onclick = function () {
        on.disabled = true;
        live.saves = false;
        go();
      };
      cover().appendChild(on);
    });
  });

  function store(done) {
    try {
      var request = indexedDB.open("nbkit-live-check");
      request.onerror = function (event) { event.preventDefault(); done(false); };
      request.onsuccess = function () {
        request.result.close();
        indexedDB.deleteDatabase("nbkit-live-check");
        done(true);
      };
    } catch (error) {
      done(false);
    }
  }

  // What the address asks for, or what was open here last.
  function pathToOpen() {
    try {
      var asked = /[?&]path=([^&#]*)/.exec(location.search);
      return asked ? decodeURIComponent(asked[1]) : JSON.parse(localStorage.getItem(place)).last;
    } catch (error) {
      return "";
    }
  }

  // The folder in which a notebook stands says its language; the first one has none.
  function languageOf(path) {
    for (var i = facts.languages.length - 1; i > 0; i--) {
      if (String(path).indexOf(facts.languages[i].place) === 0) return facts.languages[i];
    }
    return facts.languages[0];
  }

  function sayInItsLanguage() {
    document.documentElement.lang = language.tag; // JupyterLab puts that of its own menus in its place
    cover().lang = language.tag;
    document.title = words.course;
    var parts = cover().querySelectorAll("[data-words]");
    for (var i = 0; i < parts.length; i++) parts[i].textContent = words[parts[i].getAttribute("data-words")];
  }

  // JupyterLite's settings come into the page as text when JupyterLab is let in: they say there what its menus are called,
  // where notebooks are kept, and which language Python speaks where it sees no notebook that tells.
  function settle() {
    var script;
    var seen = new MutationObserver(function () {
      var config = JSON.parse(script.textContent);
      if (!config.baseUrl) return;
      seen.disconnect();
      config.appName = words.course;
      config.settingsOverrides = language.settings;
      for (var id in config.litePluginSettings) {
        var options = config.litePluginSettings[id].loadPyodideOptions;
        if (options) options.env = { LANGUAGE: language.code };
      }
      if (!live.saves) {
        config.enableMemoryStorage = true;
        config.contentsStorageDrivers = config.settingsStorageDrivers = ["memoryStorageDriver"];
      }
      script.textContent = JSON.stringify(config);
    });
    whenParsed(function () {
      script = document.getElementById("jupyter-config-data");
      seen.observe(script, { childList: true });
    });
  }

  function cover() { return document.getElementById("nbkit-live-cover"); }

  function tell(sentence) {
    var text = document.getElementById("nbkit-live-cover-words");
    text.textContent = sentence;
    text.setAttribute("role", "alert");
    cover().setAttribute("data-state", "told");
  }

  function whenParsed(then) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", then);
    else then();
  }
})();
