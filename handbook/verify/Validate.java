import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.FileInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Runs veraPDF's own library over many files in one process.
 *
 * <p>Usage: {@code java -cp JAR:CLASSES Validate THREADS}. Each line of standard input names
 * profiles and a file, as in "ua1,2a TAB path". For each file and profile one line of JSON goes to
 * standard output as soon as it is known.
 *
 * <p>veraPDF reads its profiles with JAXB, which neither Java nor the jar has; they are read here
 * with the XML parser that Java has, so that nothing but the jar is needed.
 */
public final class Validate {
  private static final int CONTEXTS = 5;

  private static PrintStream out;

  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset();
    Logger.getLogger("").setLevel(Level.OFF);
    // veraPDF may print; its lines must not mix with ours.
    out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    System.setOut(System.err);
    VeraGreenfieldFoundryProvider.initialise();
    Map<PDFAFlavour, ValidationProfile> profiles = new EnumMap<>(PDFAFlavour.class);
    ExecutorService pool = Executors.newFixedThreadPool(Integer.parseInt(arguments[0]));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] parts = line.split("\t", 2);
      for (String name : parts[0].split(",")) {
        PDFAFlavour flavour = PDFAFlavour.fromString(name);
        if (!profiles.containsKey(flavour)) {
          profiles.put(flavour, readProfile(flavour));
        }
        ValidationProfile profile = profiles.get(flavour);
        pool.execute(() -> report(parts[1], flavour, profile));
      }
    }
    pool.shutdown();
    pool.awaitTermination(1, TimeUnit.DAYS);
  }

  // ------------------------------------------------------------------ validation

  private static void report(String file, PDFAFlavour flavour, ValidationProfile profile) {
    String line;
    try {
      line = validate(file, flavour, profile);
    } catch (Throwable problem) { // a StackOverflowError of one file must not lose the others
      String reason = problem.getClass().getSimpleName() + ": " + problem.getMessage();
      line = object("file", string(file), "profile", string(flavour.getId()), "error",
          string(reason));
    }
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private static String validate(String file, PDFAFlavour flavour, ValidationProfile profile)
      throws Exception {
    try (InputStream stream = new FileInputStream(file);
        PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour);
        PDFAValidator validator =
            Foundries.defaultInstance().createValidator(profile, CONTEXTS, false, true, false)) {
      ValidationResult result = validator.validate(parser);
      return object("file", string(file), "profile", string(flavour.getId()), "passed",
          String.valueOf(result.isCompliant()), "checks",
          String.valueOf(result.getTotalAssertions()), "failures", failures(result));
    }
  }

  /** The failed rules, each with how often it failed and the first places where it did. */
  private static String failures(ValidationResult result) {
    Map<RuleId, List<TestAssertion>> byRule = new LinkedHashMap<>();
    for (TestAssertion assertion : result.getTestAssertions()) {
      if (assertion.getStatus() == TestAssertion.Status.FAILED) {
        byRule.computeIfAbsent(assertion.getRuleId(), id -> new ArrayList<>()).add(assertion);
      }
    }
    List<String> rules = new ArrayList<>();
    for (Map.Entry<RuleId, List<TestAssertion>> entry : byRule.entrySet()) {
      RuleId id = entry.getKey();
      List<TestAssertion> failed = entry.getValue();
      Integer count = result.getFailedChecks().get(id);
      List<String> places = new ArrayList<>();
      for (TestAssertion one : failed) {
        places.add(object("context", string(one.getLocation().getContext()), "message",
            string(one.getErrorMessage())));
      }
      rules.add(object("clause", string(id.getClause()), "test",
          String.valueOf(id.getTestNumber()), "specification",
          string(id.getSpecification().getId()), "description",
          string(failed.get(0).getMessage()), "count",
          String.valueOf(count == null ? failed.size() : count), "places", array(places)));
    }
    return array(rules);
  }

  // -------------------------------------------------------------------- profiles

  private static String profileName(PDFAFlavour flavour) {
    String id = flavour.getId().toUpperCase(Locale.ROOT);
    if (id.equals("UA2")) {
      return "PDFUA-2-ISO32005";
    }
    return id.startsWith("UA") ? "PDFUA-" + id.substring(2) : "PDFA-" + id;
  }

  private static ValidationProfile readProfile(PDFAFlavour flavour) throws Exception {
    String name = "/org/verapdf/pdfa/validation/" + profileName(flavour) + ".xml";
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(true);
    Element root;
    try (InputStream stream = Profiles.class.getResourceAsStream(name)) {
      root = factory.newDocumentBuilder().parse(stream).getDocumentElement();
    }
    Set<Rule> rules = new HashSet<>();
    for (Element rule : children(child(root, "rules"), "rule")) {
      rules.add(readRule(rule));
    }
    Set<Variable> variables = new HashSet<>();
    for (Element variable : children(child(root, "variables"), "variable")) {
      variables.add(Profiles.variableFromValues(variable.getAttribute("name"),
          variable.getAttribute("object"), text(variable, "defaultValue"),
          text(variable, "value")));
    }
    Element details = child(root, "details");
    return Profiles.profileFromValues(flavour,
        Profiles.profileDetailsFromValues(text(details, "name"), text(details, "description"),
            details.getAttribute("creator"), new Date(0)),
        text(root, "hash"), rules, variables);
  }

  private static Rule readRule(Element rule) {
    Element id = child(rule, "id");
    Element error = child(rule, "error");
    List<ErrorArgument> values = new ArrayList<>();
    Element arguments = child(error, "arguments");
    if (arguments != null) {
      for (Element argument : children(arguments, "argument")) {
        String label = argument.hasAttribute("name") ? argument.getAttribute("name") : null;
        values.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), label, null));
      }
    }
    Boolean deferred =
        rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null;
    return Profiles.ruleFromValues(
        Profiles.ruleIdFromValues(
            PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
            id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber"))),
        rule.getAttribute("object"), deferred, rule.getAttribute("tags"),
        text(rule, "description"), text(rule, "test"),
        Profiles.errorFromValues(text(error, "message"), values), new ArrayList<>());
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    if (parent == null) {
      return found;
    }
    NodeList nodes = parent.getChildNodes();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node node = nodes.item(i);
      if (node instanceof Element && name.equals(node.getLocalName())) {
        found.add((Element) node);
      }
    }
    return found;
  }

  private static Element child(Element parent, String name) {
    List<Element> found = children(parent, name);
    return found.isEmpty() ? null : found.get(0);
  }

  private static String text(Element parent, String name) {
    Element found = child(parent, name);
    return found == null ? "" : found.getTextContent();
  }

  // ------------------------------------------------------------------------ JSON

  private static String object(String... keysAndValues) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      json.append(i == 0 ? "" : ",").append(string(keysAndValues[i])).append(':');
      json.append(keysAndValues[i + 1]);
    }
    return json.append('}').toString();
  }

  private static String array(List<String> values) {
    return "[" + String.join(",", values) + "]";
  }

  private static String string(String value) {
    if (value == null) {
      return "null";
    }
    StringBuilder json = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private Validate() {}
}
