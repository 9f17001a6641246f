using Fovea.Data.Augment;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Data.Tests.Augment;

/// <summary>Targets of mixed rows, and the resizing of tensors, are those of the public implementations.</summary>
public sealed class TargetFixtureTests
{
    [Fact]
    public void Targets_of_mixup_are_those_of_timm()
    {
        using var json = Fixtures.Json("components", "augment.json");
        foreach (var test in json.RootElement.GetProperty("mixup_target_timm").EnumerateArray())
        {
            var labels = test.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32()).ToArray();
            var classes = test.GetProperty("num_classes").GetInt32();
            var (smoothing, share) = (test.GetProperty("smoothing").GetDouble(), test.GetProperty("lam").GetDouble());
            var shares = new OracleTensor(new Shape(labels.Length, classes), new double[labels.Length * classes]);
            var blend = new WeightedBlend(share);
            for (var row = 0; row < labels.Length; row++)
            {
                shares[(row * classes) + labels[row]] += blend.Shares[0];
                shares[(row * classes) + labels[^(row + 1)]] += blend.Shares[1];
            }

            // The loss at logits that are 0 but for one class tells the target of that class.
            var target = test.GetProperty("target").EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetDouble()).ToArray()).ToArray();
            for (var c = 0; c < classes; c++)
            {
                var logits = new OracleTensor(shares.Shape, new double[shares.Elements.Length]);
                for (var row = 0; row < labels.Length; row++) logits[(row * classes) + c] = 5;
                var losses = new OracleTensor(new Shape(labels.Length), new double[labels.Length]);
                new SoftmaxCrossEntropy(smoothing).Evaluate([logits, shares], [losses]);
                var all = Math.Log(classes - 1 + Math.Exp(5));
                for (var row = 0; row < labels.Length; row++) Assert.Equal(target[row][c], (all - losses[row]) / 5, 1e-6);
            }
        }
    }

    [Fact]
    public void Bilinear_resizing_of_tensors_is_that_of_PyTorch()
    {
        using var json = Fixtures.Json("components", "augment.json");
        var image = AugmentFixtureTests.Read(json.RootElement.GetProperty("images").GetProperty("noise"));
        var (width, height) = (image.Width, image.Height);
        var x = new double[3 * height * width];
        for (var i = 0; i < x.Length; i++) x[i] = image.Pixels[(3 * (i % (height * width))) + (i / (height * width))];
        foreach (var test in json.RootElement.GetProperty("tensor_resize").EnumerateArray().Where(test => test.GetProperty("mode").GetString() == "bilinear"))
        {
            var op = new Resize(test.GetProperty("height").GetInt32(), test.GetProperty("width").GetInt32(), ResizeMode.Bilinear);
            var result = new OracleTensor(new Shape(1, 3, op.Height, op.Width), new double[3 * op.Height * op.Width]);
            op.Evaluate([new OracleTensor(new Shape(1, 3, height, width), x)], [result]);
            var expected = test.GetProperty("values_chw").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], result[i], 1e-4);
        }
    }
}
