using System.Runtime.InteropServices;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>What the passes of a normalisation share: operands, coefficients per lane, sums per column.</summary>
/// <remarks>Plain memory, so that the threads of the team reach it through one address.</remarks>
internal unsafe struct NormWork
{
    /// <summary>The most branches and terms of one fusion together.</summary>
    internal const int Most = 16;

    internal ChannelColumn* Columns;
    internal int Count;

    /// <summary>Per branch and column, sixteen lanes twice: mean and sum of squares around it, or the two sums of the gradient.</summary>
    internal float* Sums;

    /// <summary>Per branch and group, sixteen lanes of each coefficient.</summary>
    internal float* First;
    internal float* Second;
    internal float* Third;

    /// <summary>Per group, sixteen lanes of what the argument of a function takes: scale·(x − mean) + offset.</summary>
    internal float* Scale;
    internal float* Mean;
    internal float* Offset;

    /// <summary>The constants of the function.</summary>
    internal float P;
    internal float Q;

    internal int Groups;
    internal int Branches;
    internal int Terms;

    /// <summary>One bit a lane, one number a row; null without ReLU.</summary>
    internal ushort* Mask;

    internal fixed long X[Most];

    /// <summary>What is added to the branches; of a gradient, those of the result, which are summed.</summary>
    internal fixed long Z[Most];

    internal fixed long Dx[Most];
    internal nint Y;
    internal nint Dz;

    internal readonly float* SumsOf(int branch, int column) => Sums + ((((long)branch * Count) + column) * 2 * ChannelColumns.Lanes);

    internal readonly long Lane(int branch, int group) => (((long)branch * Groups) + group) * ChannelColumns.Lanes;

    /// <summary>Room for sums and coefficients of the given columns.</summary>
    internal static NormWork Allocate(ChannelColumns columns, int branches, int terms)
    {
        var coefficients = (nuint)(branches * columns.Groups * ChannelColumns.Lanes * sizeof(float));
        return new()
        {
            Columns = columns.Columns,
            Count = columns.Count,
            Groups = columns.Groups,
            Branches = branches,
            Terms = terms,
            Sums = (float*)NativeMemory.AlignedAlloc((nuint)(branches * (long)columns.Count * 2 * ChannelColumns.Lanes * sizeof(float)), 64),
            First = (float*)NativeMemory.AlignedAlloc(coefficients, 64),
            Second = (float*)NativeMemory.AlignedAlloc(coefficients, 64),
            Third = (float*)NativeMemory.AlignedAlloc(coefficients, 64),
            Scale = (float*)NativeMemory.AlignedAlloc(coefficients, 64),
            Mean = (float*)NativeMemory.AlignedAlloc(coefficients, 64),
            Offset = (float*)NativeMemory.AlignedAlloc(coefficients, 64),
        };
    }

    internal readonly void Free()
    {
        NativeMemory.AlignedFree(Sums);
        NativeMemory.AlignedFree(First);
        NativeMemory.AlignedFree(Second);
        NativeMemory.AlignedFree(Third);
        NativeMemory.AlignedFree(Scale);
        NativeMemory.AlignedFree(Mean);
        NativeMemory.AlignedFree(Offset);
    }
}
