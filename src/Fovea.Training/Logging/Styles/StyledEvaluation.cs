using Fovea.Training.Metrics;

namespace Fovea.Training.Logging.Styles;

/// <summary>Tells an evaluation by itself in the lines of another system.</summary>
public sealed class StyledEvaluation
{
    /// <summary>Batches between lines, where a system tells some of them; its own default.</summary>
    private const int Every = 10;

    private readonly LogStyle _style;
    private readonly EvaluationOverview _evaluation;
    private readonly Action<StyleLine> _print;
    private readonly EvaluationMeters _meters;

    internal StyledEvaluation(LogStyle style, EvaluationOverview evaluation, Action<StyleLine> print)
    {
        (_style, _evaluation, _print, _meters) = (style, evaluation, print, new(evaluation.TopK));
        Print(style.EvaluationBegin(evaluation));
    }

    /// <summary>After each batch.</summary>
    public void Batch(EvaluationBatchReport report)
    {
        _meters.Add(report);
        Print(_style.LoneBatch(_meters, _evaluation, Every));
    }

    /// <summary>What was found.</summary>
    public void End(EvaluationMetrics metrics) => Print(_style.EvaluationEnd(metrics, _meters, _evaluation));

    private void Print(IEnumerable<StyleLine> lines)
    {
        foreach (var line in lines) _print(line);
    }
}
