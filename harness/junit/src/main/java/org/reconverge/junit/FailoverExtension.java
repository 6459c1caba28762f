package org.reconverge.junit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.reconverge.lab.Lab;

/** Gives the tests of a {@link FailoverTest} class their lab; the contract is there. */
final class FailoverExtension
        implements ExecutionCondition,
                BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                InvocationInterceptor,
                ParameterResolver {

    /** Set to skip every test that needs a lab: {@code -DskipLabs}. */
    static final String SKIP_LABS = "skipLabs";

    /** How often a test that proved nothing is run again. */
    private static final int REPETITIONS = 2;

    private static final Namespace NAMESPACE = Namespace.create(FailoverExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String skip = System.getProperty(SKIP_LABS, "false");
        return skip.isEmpty() || skip.equals("true")
                ? ConditionEvaluationResult.disabled("-D" + SKIP_LABS + " was asked for, so no lab is started")
                : ConditionEvaluationResult.enabled("labs were not to be skipped");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        lab(context);
    }

    /** Nested classes share the lab of the outermost one. */
    private static SharedLab lab(ExtensionContext context) {
        ExtensionContext outermost = context;
        while (outermost.getParent().flatMap(ExtensionContext::getTestClass).isPresent()) {
            outermost = outermost.getParent().get();
        }
        Class<?> testClass = outermost.getRequiredTestClass();
        FailoverTest annotation = AnnotationSupport.findAnnotation(testClass, FailoverTest.class)
                .orElseThrow(() -> new IllegalStateException(
                        "expected @FailoverTest on " + testClass.getName() + ", the outermost class"));
        return outermost
                .getStore(NAMESPACE)
                .computeIfAbsent(
                        SharedLab.class, key -> SharedLab.start(testClass, annotation.value()), SharedLab.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        prepare(context, lab(context));
    }

    private static void prepare(ExtensionContext context, SharedLab lab) {
        lab.prepare(name(context)).ifPresent(reason -> context.publishReportEntry("lab built anew", reason));
    }

    /** A repetition and an invocation of a parameterized test get a directory each; their names begin alike. */
    private static String name(ExtensionContext context) {
        return context.getRequiredTestMethod().getName();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        SharedLab lab = lab(context);
        if (lab.isRecording()) {
            end(context, lab, context.getExecutionException());
        }
    }

    private static void end(ExtensionContext context, SharedLab lab, Optional<Throwable> failure) {
        if (!lab.lab().faultsInForce().isEmpty()) {
            context.publishReportEntry(
                    "taken back after the test", lab.lab().faultsInForce().toString());
        }
        publish(context, lab.end(failure));
    }

    private static void publish(ExtensionContext context, TestRecord record) {
        context.publishReportEntry("evidence", record.directory().toString());
        copy(context, record, "history.jsonl.gz", MediaType.parse("application/gzip"));
        copy(context, record, "verdict.json", MediaType.APPLICATION_JSON);
    }

    private static void copy(ExtensionContext context, TestRecord record, String name, MediaType type) {
        context.publishFile(
                record.directory().getFileName() + "-" + name,
                type,
                target -> Files.copy(record.directory().resolve(name), target, StandardCopyOption.REPLACE_EXISTING));
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        repeatedWhileInconclusive(invocation, method, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        repeatedWhileInconclusive(invocation, method, context);
    }

    private static void repeatedWhileInconclusive(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        Throwable last;
        try {
            invocation.proceed();
            return;
        } catch (Throwable failure) {
            last = failure;
        }
        SharedLab lab = lab(context);
        for (int repetition = 1; repetition <= REPETITIONS && Inconclusive.is(last); repetition++) {
            context.publishReportEntry("inconclusive, repeated", String.valueOf(last.getMessage()));
            end(context, lab, Optional.of(last));
            prepare(context, lab);
            Object[] arguments = method.getArguments().stream()
                    .map(argument -> argument instanceof Lab ? lab.lab() : argument)
                    .toArray();
            try {
                method.getExecutable().setAccessible(true);
                method.getExecutable().invoke(method.getTarget().orElse(null), arguments);
                return;
            } catch (InvocationTargetException e) {
                last = Objects.requireNonNullElse(e.getTargetException(), e);
            }
        }
        throw last;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class
                && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return lab(context).lab();
    }
}
