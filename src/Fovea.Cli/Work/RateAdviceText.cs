using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Training.RateFinding;

namespace Fovea.Cli.Work;

/// <summary>What a range test advises, for people.</summary>
internal static class RateAdviceText
{
    private const string Remedies = "more --steps, a larger train.batch_size, or no mixing (--set augment.mixing=[])";

    /// <summary>The rate to take, the rules that count, and why others do not.</summary>
    internal static void Write(Report report, RateAdvice advice)
    {
        if (advice.Take is { } take) report.Line($"take this: {Rate(take)}  (optimizer.learning_rate)");
        var counting = advice.Rules.Where(rule => rule.Counts).ToArray();
        if (counting.Length > 0)
        {
            var table = new TextTable("suggestion", ">optimizer.learning_rate", "rule");
            foreach (var rule in counting) table.Row(Name(rule.Kind), Rate(rule.Rate), Meaning(rule.Kind));
            report.Table(table);
        }

        foreach (var rule in advice.Rules.Where(rule => !rule.Counts))
            report.Line($"left out: {Name(rule.Kind)} {Rate(rule.Rate)}, {Objection(rule)}");
        if (advice.Rules.Count == 0)
            report.Warning("the loss does not fall over enough steps to suggest a rate; wanted a lower --lowest, a higher --highest, or more --steps");
        else if (advice.Take is null)
            report.Warning($"the loss does not fall by more than chance over the rates that were tried; wanted a higher --highest, {Remedies}");
        else if (advice.IsRough)
            report.Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"the rules disagree by {advice.Disagreement:G2} times: the curve is too rough for one answer, and the middle one of theirs is a guess; "
                + $"wanted {Remedies}"));
    }

    /// <summary>What a rule is called.</summary>
    internal static string Name(RateRuleKind kind) => kind switch
    {
        RateRuleKind.Valley => "valley",
        RateRuleKind.Steepest => "steepest",
        _ => "minimum/10",
    };

    /// <summary>Why a rule does not count.</summary>
    internal static string Objection(RateRule rule) => rule.IsTried
        ? string.Create(CultureInfo.InvariantCulture, $"where the loss falls by {rule.Fall:G2}: by chance it would by {rule.Noise:G2}")
        : "which was not tried";

    private static string Meaning(RateRuleKind kind) => kind switch
    {
        RateRuleKind.Valley => "half down the longest fall of the smoothed loss: fastai's first choice",
        RateRuleKind.Steepest => "where the smoothed loss falls fastest over the logarithm of the rate",
        _ => "a tenth of where the smoothed loss is least",
    };

    private static string Rate(double rate) => rate.ToString("G3", CultureInfo.InvariantCulture);
}
