/** Spring Security's resource server, which decodes with Nimbus, by the recipe for Spring. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { javaLibraries, runJava } from '../install/java.ts';
import { recipe, withoutImports } from './recipes.ts';
import { answersIn, inputOf, type Verifier } from './verifier.ts';

const hashes = join(import.meta.dirname, '../lists/spring/jars.sha256');

const versionIn = (list: string, jar: string): string =>
  `${jar} ${new RegExp(`${jar}-([\\d.]+)\\.jar`).exec(list)?.[1]}`;

/** Runs the two beans of the recipe in an application of their own, and sends each token through its filters. */
export const spring: Verifier = async (asked) => {
  const [imports, beans] = withoutImports((asked.change ?? String)(recipe('Spring', 'java')));
  const source = `${imports}
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import jakarta.servlet.Filter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

public class Judge {
  static String issuer;

  @Configuration
  @EnableWebSecurity
  public static class Recipe {
${beans}
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    issuer = lines.readLine();
    AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
    context.setServletContext(new MockServletContext());
    context.register(Recipe.class);
    context.refresh();
    Filter filter = context.getBean("springSecurityFilterChain", Filter.class);
    System.out.println("ready");
    for (String token = lines.readLine(); token != null; token = lines.readLine()) {
      MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders");
      request.addHeader("Authorization", "Bearer " + token);
      MockHttpServletResponse response = new MockHttpServletResponse();
      MockFilterChain chain = new MockFilterChain();
      filter.doFilter(request, response, chain);
      boolean isThrough = chain.getRequest() != null;
      System.out.println(isThrough ? "ok" : "no " + response.getStatus() + " " + response.getHeader("WWW-Authenticate"));
    }
  }
}
`;
  const printed = await runJava(
    { name: 'Judge', classPath: await javaLibraries('spring') },
    source,
    inputOf(asked),
  );
  const list = readFileSync(hashes, 'utf8');
  return {
    tool: `${versionIn(list, 'spring-security-oauth2-jose')} with ${versionIn(list, 'nimbus-jose-jwt')}`,
    answers: answersIn(printed),
  };
};

/** The change that the page names for Spring Security before 6.5, put into the recipe. */
export function before65(code: string): string {
  const page = readFileSync(join(import.meta.dirname, '../../docs/verify-tokens.md'), 'utf8');
  const [, customizer] = /^Before 6\.5 [^`]*`validateType`; there `(.+)`$/m.exec(page) ?? [];
  if (customizer === undefined) throw new Error('the page has no change for Spring Security before 6.5');
  return code.replace(/\.validateType\(false\).*/, customizer);
}
