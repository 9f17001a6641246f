using Fovea.Tensors;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests.Weights;

public class WeightMatchTests
{
    [Fact]
    public void The_weights_of_the_model_are_complete()
    {
        var match = WeightMatch.Of(TinyModel.Net(1), Given(classes: 3));
        Assert.True(match.IsComplete);
        Assert.Equal(7, match.Taken.Count);
        match.ThrowUnlessComplete("a.pth", "tiny");
    }

    [Fact]
    public void What_does_not_fit_is_listed_by_name()
    {
        var given = Given(classes: 3).Where(entry => entry.Name != "bn.bias").Append(("head.weight", new HostTensor(TensorType.F32(1)))).ToArray();
        var match = WeightMatch.Of(TinyModel.Net(1), given);
        var error = Assert.Throws<TrainingException>(() => match.ThrowUnlessComplete("a.pth", "tiny"));
        Assert.Equal("a.pth: these are not the weights of tiny: missing: bn.bias; unexpected: head.weight", error.Message);
    }

    [Fact]
    public void Weights_of_other_classes_say_so_and_can_be_taken_without_the_classifier()
    {
        var model = TinyModel.Net(1, classes: 3);
        var error = Assert.Throws<TrainingException>(() => WeightMatch.Of(model, Given(classes: 5)).ThrowUnlessComplete("a.pth", "tiny"));
        Assert.Equal(
            "a.pth: these are not the weights of tiny: of another shape: "
                + "fc.weight is f32[5, 4], the model wants f32[3, 4], fc.bias is f32[5], the model wants f32[3]",
            error.Message);
        var match = WeightMatch.Of(model, Given(classes: 5), skipClassifier: true);
        Assert.True(match.IsComplete);
        Assert.Equal(["fc.weight", "fc.bias"], match.Skipped);
        Assert.Equal(5, match.Taken.Count);
    }

    [Fact]
    public void A_run_starts_from_given_weights_and_so_do_its_averages()
    {
        var weights = Given(classes: 3);
        using var trainer = new Trainer(Runs.Options(Runs.Recipe()) with { Weights = weights });
        foreach (var (name, tensor) in weights)
        {
            Assert.Equal(tensor.Bytes.ToArray(), trainer.Session.Read(name).Bytes.ToArray());
            Assert.Equal(tensor.Bytes.ToArray(), trainer.Session.Read($"ema/{name}").Bytes.ToArray());
        }
    }

    [Fact]
    public void Weights_in_bf16_become_what_the_model_holds()
    {
        var given = Given(classes: 3).Select(entry => (entry.Name, Halves(entry.Tensor.Shape, 0x3FA0))).ToArray();
        var match = WeightMatch.Of(TinyModel.Net(1), given);
        Assert.True(match.IsComplete);
        Assert.All(match.Taken, entry => Assert.All(entry.Tensor.Floats.ToArray(), x => Assert.Equal(1.25f, x)));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(-(1 << 24), true)]
    [InlineData((1 << 24) + 1, false)]
    public void Integers_become_floats_where_those_hold_them(int number, bool taken)
    {
        var integers = new HostTensor(new(DType.Int32, new Shape(3)));
        integers.Ints.Fill(number);
        var match = WeightMatch.Of(TinyModel.Net(1), With("fc.bias", integers));
        Assert.Equal(taken, match.IsComplete);
        if (taken) Assert.Equal(number, match.Taken.Single(entry => entry.Name == "fc.bias").Tensor.Floats[0]);
        else Assert.Equal("fc.bias", match.Mismatched.Single().Name);
    }

    [Fact]
    public void Bytes_are_refused_by_their_type_and_not_by_their_shape()
    {
        var match = WeightMatch.Of(TinyModel.Net(1), With("fc.bias", new HostTensor(new(DType.Int8, new Shape(3)))));
        var error = Assert.Throws<TrainingException>(() => match.ThrowUnlessComplete("a.pth", "tiny"));
        Assert.Equal("a.pth: these are not the weights of tiny: of another element type: fc.bias is s8[3], the model wants f32[3]", error.Message);
    }

    [Fact]
    public void Names_with_control_codes_are_shown_as_escapes()
    {
        (string, HostTensor)[] given = [.. Given(classes: 3), ("a\u001b[2J", new HostTensor(TensorType.F32(1)))];
        var error = Assert.Throws<TrainingException>(() => WeightMatch.Of(TinyModel.Net(1), given).ThrowUnlessComplete("a.pth", "tiny"));
        Assert.EndsWith("unexpected: a\\u001b[2J", error.Message, StringComparison.Ordinal);
    }

    private static (string Name, HostTensor Tensor)[] With(string name, HostTensor tensor) =>
        [.. Given(classes: 3).Select(entry => entry.Name == name ? (name, tensor) : entry)];

    private static HostTensor Halves(Shape shape, ushort bits)
    {
        var tensor = new HostTensor(new(DType.BFloat16, shape));
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(tensor.Bytes).Fill(bits);
        return tensor;
    }

    private static (string Name, HostTensor Tensor)[] Given(int classes) =>
        [.. WeightMatch.Kept(TinyModel.Net(1, classes)).Select(variable => (variable.Label, HostTensor.Filled(variable.Type.Shape, 0.5f)))];
}
