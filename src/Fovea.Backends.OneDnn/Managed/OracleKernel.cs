using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>The definition of an operation over plain tensors, in double: right, but slow.</summary>
internal sealed class OracleKernel(Node node) : Kernel
{
    internal override string Name => "fovea:oracle";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var inputs = node.Inputs.Select(input => new OracleTensor(input.Shape)).ToArray();
        var results = node.Results.Select(result => new OracleTensor(result.Shape)).ToArray();
        for (var i = 0; i < inputs.Length; i++)
            for (var k = 0; k < inputs[i].Elements.Length; k++) inputs[i][k] = Elements.Load(at[i], node.Inputs[i].Type.DType, k);
        node.Op.Evaluate(inputs, results);
        for (var i = 0; i < results.Length; i++)
            for (var k = 0; k < results[i].Elements.Length; k++) Elements.Store(at[inputs.Length + i], node.Results[i].Type.DType, k, results[i][k]);
    }

    internal static void Lower(Node node, PlanBuilder plan) => plan.Emit(
        node, new OracleKernel(node), [.. node.Inputs.Select(plan.Plain)],
        [.. node.Results.Select(result => plan.Define(result, plan.Api.Plain(result.Type.DType, PlanBuilder.Logical(result.Shape))))]);
}
