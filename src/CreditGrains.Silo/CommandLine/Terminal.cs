using Spectre.Console;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Where a command writes, and whether somebody looks.</summary>
/// <param name="Out">Answers.</param>
/// <param name="Error">Messages and progress.</param>
/// <param name="OutIsScreen">Whether answers go to a screen and may be coloured.</param>
/// <param name="ErrorIsScreen">Whether messages go to a screen and progress may be drawn.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsScreen, bool ErrorIsScreen)
{
    // Wide enough for a tradeline with its grid; what a file or a pipe gets has no width of its own.
    private const int WidthOffScreen = 140;

    /// <summary>Gets the process's own standard streams.</summary>
    public static Terminal OfProcess() =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>Makes the console that tables and charts are drawn on: standard output.</summary>
    public IAnsiConsole Screen() => Drawn(Out, OutIsScreen);

    /// <summary>Makes the console that progress is drawn on: standard error.</summary>
    public IAnsiConsole ProgressScreen() => Drawn(Error, ErrorIsScreen);

    private static IAnsiConsole Drawn(TextWriter writer, bool isScreen)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isScreen ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isScreen ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isScreen ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isScreen) console.Profile.Width = WidthOffScreen;
        return console;
    }
}
