package io.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {

    @TempDir
    private Path home;

    private Shell shell;

    @BeforeEach
    void start() {
        shell = new Shell(home);
    }

    @Test
    void help_lists_commands_and_exit_codes() {
        Shell.Result help = shell.run("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("infra", "approvals", "Exit codes:", "not signed in");
        assertThat(shell.run("infra", "k8s", "apply", "--help").out()).contains("--filename=FILE", "--org=ORG");
    }

    @Test
    void version_is_told() {
        assertThat(shell.run("--version").out()).isEqualTo("countersign development\n");
    }

    @Test
    void command_that_needs_another_shows_which_there_are() {
        Shell.Result infra = shell.run("infra");

        assertThat(infra.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(infra.err())
                .startsWith("error: Missing required subcommand\n")
                .contains("k8s");
        assertThat(shell.run().exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void misspelt_command_is_told_what_may_be_meant() {
        Shell.Result whoami = shell.run("whoamy");

        assertThat(whoami.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(whoami.err()).contains("whoami");
    }

    @Test
    void unknown_option_leads_to_the_help_of_its_command() {
        assertThat(shell.run("infra", "k8s", "get", "--colour").err())
                .isEqualTo("error: Unknown option: '--colour'\nSee: countersign infra k8s get --help\n");
    }

    @Test
    void completion_script_knows_the_commands() {
        assertThat(shell.run("completion").out()).contains("complete -F", "progress", "add-user");
    }
}
