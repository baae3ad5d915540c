import com.google.zxing.BarcodeFormat;
import com.google.zxing.Result;
import com.google.zxing.client.result.*;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** For each line of its input, the text of a code in Base64, prints what ZXing takes it for: a kind and its fields, in Base64. */
public class ReadContents {
  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line; (line = lines.readLine()) != null; ) {
      String text = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
      ParsedResult parsed = ResultParser.parseResult(new Result(text, null, null, BarcodeFormat.QR_CODE));
      System.out.println(parsed.getType() + fields(parsed));
    }
  }

  private static String fields(ParsedResult parsed) {
    if (parsed instanceof WifiParsedResult wifi)
      return all("ssid", wifi.getSsid(), "password", wifi.getPassword(), "security", wifi.getNetworkEncryption(),
          "hidden", String.valueOf(wifi.isHidden()));
    if (parsed instanceof AddressBookParsedResult card)
      return all("names", joined(card.getNames()), "organization", card.getOrg(), "title", card.getTitle(),
          "phones", joined(card.getPhoneNumbers()), "phoneTypes", joined(card.getPhoneTypes()),
          "emails", joined(card.getEmails()), "emailTypes", joined(card.getEmailTypes()),
          "urls", joined(card.getURLs()), "addresses", joined(card.getAddresses()), "note", card.getNote());
    if (parsed instanceof GeoParsedResult geo)
      return all("latitude", String.valueOf(geo.getLatitude()), "longitude", String.valueOf(geo.getLongitude()),
          "altitude", String.valueOf(geo.getAltitude()), "query", geo.getQuery());
    if (parsed instanceof EmailAddressParsedResult email)
      return all("to", joined(email.getTos()), "subject", email.getSubject(), "body", email.getBody());
    if (parsed instanceof TelParsedResult telephone) return all("number", telephone.getNumber());
    if (parsed instanceof URIParsedResult uri) return all("uri", uri.getURI());
    return all("text", parsed.getDisplayResult());
  }

  private static String joined(String[] values) {
    return values == null ? null : String.join("\u001f", values);
  }

  private static String all(String... namesAndValues) {
    StringBuilder line = new StringBuilder();
    for (int n = 0; n < namesAndValues.length; n += 2) {
      if (namesAndValues[n + 1] == null) continue;
      byte[] value = namesAndValues[n + 1].getBytes(StandardCharsets.UTF_8);
      line.append(' ').append(namesAndValues[n]).append('=').append(Base64.getEncoder().encodeToString(value));
    }
    return line.toString();
  }
}
