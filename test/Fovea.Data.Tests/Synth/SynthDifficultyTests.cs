using Fovea.Data.Synth;

namespace Fovea.Data.Tests.Synth;

public sealed class SynthDifficultyTests
{
    private const int Side = 16;
    private const int Features = (3 * Side * Side) + 1;

    [Fact]
    public void A_linear_classifier_on_the_pixels_stays_under_60_percent()
    {
        var plan = new SynthPlan(new() { Images = 1200 });
        var (train, trainLabels) = Thumbnails(plan, "train/");
        var (val, valLabels) = Thumbnails(plan, "val/");

        var weights = RidgeRegression(train, trainLabels, plan.Classes.Length, ridge: 1);
        var correct = val.Zip(valLabels).Count(sample => Predict(weights, sample.First) == sample.Second);

        // Above the largest class's share, 0.16, or the classifier would be at fault rather than the pictures hard.
        Assert.InRange(correct / (double)val.Length, 0.2, 0.5);
    }

    private static (double[][] Pixels, int[] Labels) Thumbnails(SynthPlan plan, string folder)
    {
        var painter = new SynthPicture();
        var items = plan.Items.Where(item => item.Path.StartsWith(folder, StringComparison.Ordinal)).ToArray();
        return (items.Select(item => Thumbnail(painter.Draw(1, item.Class, item.Number), item.Frame)).ToArray(), items.Select(item => item.Class).ToArray());
    }

    /// <summary>16 × 16 means of the pixels, −0.5 to 0.5, and a constant.</summary>
    private static double[] Thumbnail(ReadOnlySpan<byte> rgb, PictureFrame frame)
    {
        var (sums, counts) = (new double[Features], new int[Side * Side]);
        for (var y = 0; y < frame.Height; y++)
        {
            for (var x = 0; x < frame.Width; x++)
            {
                var cell = (y * Side / frame.Height * Side) + (x * Side / frame.Width);
                counts[cell]++;
                for (var c = 0; c < 3; c++) sums[(3 * cell) + c] += rgb[(3 * ((y * frame.Width) + x)) + c];
            }
        }

        for (var i = 0; i < 3 * Side * Side; i++) sums[i] = (sums[i] / (255.0 * counts[i / 3])) - 0.5;
        sums[^1] = 1;
        return sums;
    }

    /// <summary>Least squares on one-hot targets: (XᵀX + ridge) W = XᵀY, solved by Cholesky's decomposition.</summary>
    private static double[][] RidgeRegression(double[][] samples, int[] labels, int classes, double ridge)
    {
        var gram = new double[Features][];
        for (var i = 0; i < Features; i++) gram[i] = new double[Features];
        var right = new double[classes][];
        for (var k = 0; k < classes; k++) right[k] = new double[Features];
        for (var n = 0; n < samples.Length; n++)
        {
            var x = samples[n];
            for (var i = 0; i < Features; i++)
            {
                var (row, xi) = (gram[i], x[i]);
                for (var j = 0; j <= i; j++) row[j] += xi * x[j];
                right[labels[n]][i] += xi;
            }
        }

        for (var i = 0; i < Features; i++) gram[i][i] += ridge;
        Factor(gram);
        foreach (var b in right) Solve(gram, b);
        return right;
    }

    private static void Factor(double[][] a)
    {
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i][j];
                var (left, right) = (a[i], a[j]);
                for (var k = 0; k < j; k++) sum -= left[k] * right[k];
                a[i][j] = i == j ? Math.Sqrt(sum) : sum / a[j][j];
            }
        }
    }

    private static void Solve(double[][] factor, double[] b)
    {
        for (var i = 0; i < b.Length; i++)
        {
            for (var k = 0; k < i; k++) b[i] -= factor[i][k] * b[k];
            b[i] /= factor[i][i];
        }

        for (var i = b.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < b.Length; k++) b[i] -= factor[k][i] * b[k];
            b[i] /= factor[i][i];
        }
    }

    private static int Predict(double[][] weights, double[] x)
    {
        var scores = weights.Select(w => w.Zip(x).Sum(pair => pair.First * pair.Second)).ToArray();
        return Array.IndexOf(scores, scores.Max());
    }
}
