using System.Globalization;
using System.Xml.Linq;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>One axis of a chart.</summary>
/// <param name="Label">What it measures.</param>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends, above <paramref name="Low"/>.</param>
/// <param name="IsShare">Whether it is of shares, written as per cent.</param>
internal sealed record ChartAxis(string Label, double Low, double High, bool IsShare)
{
    private const int AboutTicks = 5;

    /// <summary>Gets an axis of shares from none to all.</summary>
    /// <param name="label">Of what.</param>
    public static ChartAxis Shares(string label) => new(label, 0, 1, true);

    /// <summary>Gives round numbers along it.</summary>
    public IEnumerable<double> Ticks()
    {
        var rough = (High - Low) / AboutTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        for (var at = Math.Ceiling(Low / step); at * step <= High + (step / 1e6); at++) yield return at * step;
    }

    /// <summary>Writes a place on it.</summary>
    /// <param name="value">The place.</param>
    public string Text(double value) => IsShare
        ? (value * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %"
        : value.ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>Draws one chart as SVG that stands inside a page: no script, no font, nothing from elsewhere.</summary>
/// <remarks>Its words come from a style sheet of the page. Lines and bars are told apart by dashes and place as well as by colour.</remarks>
internal sealed class SvgChart
{
    // Units of the drawing. It is narrow, so that its letters are still large enough on a telephone.
    private const double Width = 400, Height = 290, Left = 66, Right = 24, Top = 30, Bottom = 46;

    private readonly ChartAxis _across;
    private readonly ChartAxis _up;
    private readonly XElement _svg;
    private double _legendAt = Left;

    /// <summary>Begins a chart.</summary>
    /// <param name="id">Of the element; no two on a page are the same.</param>
    /// <param name="title">What it is.</param>
    /// <param name="description">What it shows, for whoever does not see it.</param>
    /// <param name="across">The axis from left to right.</param>
    /// <param name="up">The axis from bottom to top.</param>
    /// <param name="hasTicksAcross">Whether numbers stand along the bottom; else the caller labels what is there.</param>
    public SvgChart(string id, string title, string description, ChartAxis across, ChartAxis up, bool hasTicksAcross = true)
    {
        (_across, _up) = (across, up);
        _svg = Html.Element(
            "svg",
            Html.Attribute("id", id),
            Html.Attribute("viewBox", $"0 0 {Text(Width)} {Text(Height)}"),
            Html.Attribute("role", "img"),
            Html.Attribute("aria-labelledby", $"{id}-title {id}-desc"),
            Html.Element("title", Html.Attribute("id", $"{id}-title"), title),
            Html.Element("desc", Html.Attribute("id", $"{id}-desc"), description));
        DrawAxes(hasTicksAcross);
    }

    /// <summary>Gets the chart.</summary>
    public XElement Drawn => _svg;

    /// <summary>Draws a line through points.</summary>
    /// <param name="kind">Of which kind: a class of the style sheet.</param>
    /// <param name="points">Where.</param>
    public void Line(string kind, IEnumerable<(double Across, double Up)> points) => _svg.Add(Html.Element(
        "polyline",
        Html.Attribute("class", $"line {kind}"),
        Html.Attribute("points", string.Join(' ', points.Select(point => $"{Text(X(point.Across))},{Text(Y(point.Up))}")))));

    /// <summary>Draws a bar from the bottom.</summary>
    /// <param name="kind">Of which kind.</param>
    /// <param name="from">Its left side.</param>
    /// <param name="to">Its right side.</param>
    /// <param name="height">Where it ends.</param>
    public void Bar(string kind, double from, double to, double height) => _svg.Add(Html.Element(
        "rect",
        Html.Attribute("class", $"bar {kind}"),
        Html.Attribute("x", Text(X(from))),
        Html.Attribute("y", Text(Y(height))),
        Html.Attribute("width", Text(X(to) - X(from))),
        Html.Attribute("height", Text(Y(_up.Low) - Y(height)))));

    /// <summary>Draws a dot.</summary>
    /// <param name="kind">Of which kind.</param>
    /// <param name="across">Where.</param>
    /// <param name="up">How high.</param>
    public void Dot(string kind, double across, double up) => _svg.Add(Html.Element(
        "circle",
        Html.Attribute("class", $"dot {kind}"),
        Html.Attribute("cx", Text(X(across))),
        Html.Attribute("cy", Text(Y(up))),
        Html.Attribute("r", "4")));

    /// <summary>Writes something above a place.</summary>
    /// <param name="text">What.</param>
    /// <param name="across">Above where.</param>
    /// <param name="up">How high.</param>
    public void Above(string text, double across, double up) => Write(text, X(across), Y(up) - 4, "middle");

    /// <summary>Writes something under the axis.</summary>
    /// <param name="text">What.</param>
    /// <param name="across">Under where.</param>
    public void Under(string text, double across) => Write(text, X(across), Height - Bottom + 16, "middle");

    /// <summary>Says in the chart's head what a kind of line or bar is.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="words">What it is.</param>
    public void Legend(string kind, string words)
    {
        _svg.Add(Html.Element(
            "line", Html.Attribute("class", $"line {kind}"), Html.Attribute("x1", Text(_legendAt)), Html.Attribute("x2", Text(_legendAt + 22)), Html.Attribute("y1", "13"), Html.Attribute("y2", "13")));
        Write(words, _legendAt + 27, 17, "start");
        _legendAt += 42 + (words.Length * 7.2);
    }

    private void DrawAxes(bool hasTicksAcross)
    {
        foreach (var tick in _up.Ticks())
        {
            Rule(Left, Y(tick), Width - Right, Y(tick));
            Write(_up.Text(tick), Left - 6, Y(tick) + 4, "end");
        }

        foreach (var tick in hasTicksAcross ? _across.Ticks() : [])
        {
            Rule(X(tick), Top, X(tick), Height - Bottom);
            Write(_across.Text(tick), X(tick), Height - Bottom + 16, "middle");
        }

        Write(_across.Label, (Left + Width - Right) / 2, Height - 8, "middle");
        var middle = Text((Top + Height - Bottom) / 2);
        _svg.Add(Html.Element("text", Html.Attribute("transform", $"translate(12 {middle}) rotate(-90)"), Html.Attribute("text-anchor", "middle"), _up.Label));
    }

    private void Rule(double fromX, double fromY, double toX, double toY) => _svg.Add(Html.Element(
        "line", Html.Attribute("class", "grid"), Html.Attribute("x1", Text(fromX)), Html.Attribute("y1", Text(fromY)), Html.Attribute("x2", Text(toX)), Html.Attribute("y2", Text(toY))));

    private void Write(string text, double x, double y, string anchor) => _svg.Add(Html.Element(
        "text", Html.Attribute("x", Text(x)), Html.Attribute("y", Text(y)), Html.Attribute("text-anchor", anchor), text));

    private double X(double across) => Left + ((across - _across.Low) / (_across.High - _across.Low) * (Width - Left - Right));

    private double Y(double up) => Height - Bottom - ((up - _up.Low) / (_up.High - _up.Low) * (Height - Top - Bottom));

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
