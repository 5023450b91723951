using System.CommandLine;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary><c>scorecard</c>: what models are made of, and what they make of it.</summary>
internal static class ScorecardCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host) => new("scorecard", "Make scorecards, judge them and explain scores")
    {
        FeaturesCommand.Build(host),
        ExplainCommand.Build(host),
    };
}
