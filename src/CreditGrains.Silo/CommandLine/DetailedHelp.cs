using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CreditGrains.Silo.CommandLine;

/// <summary>A command that has more to say than fits into a list of commands.</summary>
internal sealed class DetailedCommand : Command
{
    /// <summary>Makes a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">One line, for lists.</param>
    /// <param name="details">What its own help says below the options.</param>
    public DetailedCommand(string name, string description, string details) : base(name, description) => Details = details;

    /// <summary>Gets what its own help says below the options.</summary>
    public string Details { get; }
}

/// <summary>Shows the usual help, and the details of a command that has any.</summary>
/// <param name="usual">The usual help.</param>
internal sealed class DetailedHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Puts this help in the place of the usual one.</summary>
    /// <param name="root">The root command, from where every command has its help.</param>
    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            if (option.Action is HelpAction usual) option.Action = new DetailedHelp(usual);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is DetailedCommand command)
            parseResult.InvocationConfiguration.Output.WriteLine(command.Details);
        return code;
    }
}
