using Fovea.Training.RateFinding;

namespace Fovea.Training.Tests.RateFinding;

public class RateSuggestionsTests
{
    private static RatePoint[] Points(int count, Func<double, int, double> loss) =>
    [
        .. Enumerable.Range(0, count).Select(i => (Step: i, Rate: 1e-6 * Math.Pow(1e6, i / (count - 1.0))))
            .Select(at => new RatePoint(at.Step, at.Rate, at.Rate, 0, loss(Math.Log10(at.Rate), at.Step))),
    ];

    /// <summary>A plateau, a fall with small bumps, a minimum and a rise; the rates are those that fastai's functions give for it, run in Python.</summary>
    [Fact]
    public void Suggestions_of_a_bumpy_curve_are_fastais()
    {
        var suggested = RateSuggestions.Of(Points(40, Bumpy))!;
        Assert.Equal(0.0017012542798525883, suggested.Steepest, 1e-12);
        Assert.Equal(0.017012542798525893, suggested.MinimumTenth, 1e-12);
        Assert.Equal(0.0005878016072274914, suggested.Valley, 1e-12);

        static double Bumpy(double exponent, int step) =>
            2.3 - (1.5 / (1 + Math.Exp(-3 * (exponent + 2.5)))) + (step % 3 == 0 ? 0.02 : 0) + (exponent < -0.8 ? 0 : 4 * Math.Pow(exponent + 0.8, 2));
    }

    [Fact]
    public void A_curve_that_never_falls_or_is_too_short_suggests_nothing()
    {
        Assert.Null(RateSuggestions.Of(Points(40, (exponent, _) => exponent)));
        Assert.Null(RateSuggestions.Of(Points(2, (exponent, _) => -exponent)));
        Assert.Null(RateSuggestions.Of([]));
    }

    [Fact]
    public void The_first_tenth_and_the_last_five_steps_are_not_judged()
    {
        var points = Points(40, (exponent, _) => -exponent);
        var curve = new RateCurve(new RateRange { Steps = 100 }, points, RateCurveEnd.Diverged);
        Assert.Equal(points[10..^5], curve.Judged);
        Assert.Equal(points[^6].LearningRate / 10, curve.Suggest()!.MinimumTenth, 1e-12);
    }
}
