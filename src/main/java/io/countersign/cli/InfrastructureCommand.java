package io.countersign.cli;

import picocli.CommandLine.Command;

/** Infrastructure: clusters. */
@Command(name = "infra", description = "Requests and watches infrastructure.", subcommands = ClusterCommand.class)
final class InfrastructureCommand {}
