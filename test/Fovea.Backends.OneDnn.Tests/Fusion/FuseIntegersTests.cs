using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Kernels;
using Fovea.Backends.OneDnn.Tests.Interop;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Fusion;

/// <summary>Convolutions of integers of 8 bits, and what joins them.</summary>
public sealed class FuseIntegersTests
{
    private const int Channels = 32;
    private static readonly Precisions s_precisions = new(Workbench.Api);

    /// <summary>The greatest weight, source zero point, groups, kernel, stride, activation, whether a residual is added, whether the result is stored as integers.</summary>
    public static TheoryData<int, int, int, int, int, string, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int, string, bool, bool>();
            foreach (var most in new[] { 63, 127 })
            {
                foreach (var activation in new[] { "none", "relu", "leaky_relu", "clip", "hard_swish", "silu" }) cases.Add(most, 0, 1, 3, 1, activation, false, true);
                foreach (var residual in new[] { false, true })
                {
                    cases.Add(most, 0, 1, 3, 1, "relu", residual, true);
                    cases.Add(most, 117, 1, 3, 1, "relu", residual, true);
                    cases.Add(most, 117, 1, 1, 1, "none", residual, true);
                    cases.Add(most, 117, 1, 1, 1, "clip", residual, true);
                    cases.Add(most, 0, 1, 3, 1, "relu", residual, false);
                }

                cases.Add(most, 0, 1, 3, 2, "relu", false, true);
                cases.Add(most, 99, 1, 1, 2, "none", false, false);
                cases.Add(most, 0, 4, 3, 1, "relu", false, true);
                cases.Add(most, 0, Channels, 3, 1, "relu", false, true);
                cases.Add(most, 104, Channels, 5, 2, "hard_swish", false, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_convolution_of_integers_is_one_step_or_none_and_computes_what_they_stand_for(
        int mostWeight, int zero, int groups, int kernel, int stride, string activation, bool hasResidual, bool isStored)
    {
        var graph = Block(mostWeight, zero, groups, kernel, stride, activation, hasResidual, isStored);
        var inputs = graph.Variables.ToDictionary(value => value.Variable!.Label, value => Filled(value, mostWeight));
        var wanted = Interpreter.Run(graph, variable => OracleTensor.From(inputs[variable.Label]));
        using var session = new OneDnnBackend().Open();
        using var plan = session.Compile(graph);
        foreach (var variable in graph.Variables.Select(value => value.Variable!))
            if (variable.Kind == VariableKind.Input) plan.Fill(variable.Label, inputs[variable.Label]);
            else session.Write(variable.Label, inputs[variable.Label]);
        plan.Run();
        var (found, exact) = (OracleTensor.From(new HostTensor(graph.Output("y").Type, plan.Output("y").ToArray())), wanted[graph.Output("y")]);
        // A result that lies half-way between two integers may be either.
        var step = isStored ? 0.05 : 1e-4;
        Assert.All(found.Elements.Zip(exact.Elements), pair => Assert.Equal(pair.Second, pair.First, step * 1.01));
        Assert.InRange(found.Elements.Zip(exact.Elements).Count(pair => Math.Abs(pair.First - pair.Second) > 1e-4), 0, found.Elements.Length / 50);

        var ops = PlanCompiler.Fuse(graph, s_precisions).Nodes.Select(node => node.Op).ToList();
        if (!Workbench.Api.HasWideSums && mostWeight > 64)
        {
            Assert.Contains(ops, op => op is FusedConv2d);
            return;
        }

        Assert.DoesNotContain(ops, op => op is FusedConv2d);
        var conv = Assert.Single(ops.OfType<IntegerConv2d>());
        Assert.Equal((isStored, isStored && hasResidual), (conv.Result is not null, conv.Sum is not null));
    }

    /// <summary>Of inputs that are integers: the convolution of what they stand for, with a bias, a residual and an activation.</summary>
    private static Graph Block(int mostWeight, int zero, int groups, int kernel, int stride, string activation, bool hasResidual, bool isStored)
    {
        var graph = new Graph("block");
        Value Scale(float scale) => graph.Constant(HostTensor.Filled(Shape.Scalar, scale));
        Value Zero(int at) => graph.Constant(OracleTensorOf(at));
        var x = graph.Input("x", new TensorType(DType.UInt8, new Shape(2, Channels, 9, 7))).Dequantize(Scale(0.02f), Zero(zero));
        var size = new Conv2d(Window2d.Of(stride, kernel / 2), groups).Infer([x.Type, TensorType.F32(Channels, Channels / groups, kernel, kernel)])[0].Shape;
        var residual = hasResidual ? graph.Input("s", new TensorType(DType.UInt8, size)).Dequantize(Scale(0.03f), Zero(7)) : null;
        var shape = new Shape(Channels, Channels / groups, kernel, kernel);
        var scales = HostTensor.Of(new Shape(Channels), [.. Enumerable.Range(0, Channels).Select(i => 0.001f * (1 + (i % 5)))]);
        var w = graph.Declare(new Variable("w", VariableKind.Parameter, new TensorType(DType.Int8, shape), Initializer.Zeros))
            .Dequantize(
                new Quantize(DType.Int8, -mostWeight, mostWeight), graph.Constant(scales), graph.Constant(new HostTensor(new TensorType(DType.Int32, new Shape(Channels)))));
        var y = x.Conv2d(w, Window2d.Of(stride, kernel / 2), groups)
            .Plus(graph.Parameter("b", new Shape(Channels), Initializer.Zeros).Reshape(new Shape(1, Channels, 1, 1)));
        if (residual is not null) y = y.Plus(residual);
        y = activation switch
        {
            "relu" => y.Relu(),
            "leaky_relu" => y.LeakyRelu(0.1),
            "clip" => y.Clip(0, 6),
            "hard_swish" => y.HardSwish(),
            "silu" => y.Silu(),
            _ => y,
        };
        if (isStored) y = y.Quantize(Quantize.To(DType.UInt8), Scale(0.05f), Zero(11)).Dequantize(Scale(0.05f), Zero(11));
        graph.Output("y", y);
        return graph;
    }

    private static HostTensor OracleTensorOf(int number)
    {
        var tensor = new HostTensor(new TensorType(DType.Int32, Shape.Scalar));
        tensor.Ints[0] = number;
        return tensor;
    }

    /// <summary>All integers of the type, up to the greatest weight, in disorder; biases between −1 and 1.</summary>
    private static HostTensor Filled(Value variable, int mostWeight)
    {
        var exact = new OracleTensor(variable.Shape);
        var draws = new Philox(7, Philox.Hash(variable.Variable!.Label));
        for (var i = 0; i < exact.Elements.Length; i++)
        {
            var share = draws.Uniform((ulong)i);
            exact[i] = variable.Type.DType switch
            {
                DType.UInt8 => Math.Floor(share * 256),
                DType.Int8 => Math.Floor(share * ((2 * mostWeight) + 1)) - mostWeight,
                _ => (2 * share) - 1,
            };
        }

        return exact.To(variable.Type.DType);
    }
}
